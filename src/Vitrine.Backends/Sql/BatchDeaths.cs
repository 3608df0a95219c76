using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>What the death of a lease's holder does to its batch: DESIGN, "Deaths".</summary>
internal static class BatchDeaths
{
    /// <summary>False: the token is old, or the holder has renewed since.</summary>
    public static bool Die(SqlSession sql, BatchRelease.Died died, DateTimeOffset now)
    {
        if (BatchRows.OfToken(sql, died.Token) is not { } batch || batch.Renewals != died.Renewals) return false;
        BatchRows.GiveBack(sql, batch, now);
        if (batch.Job is { } over && JobRows.Standing(sql, over)!.IsOver) return true;
        var deaths = batch.Deaths + 1;
        if (deaths < died.Limits.Deliveries)
        {
            sql.Send("UPDATE batches SET deaths = $2, one_by_one = $3 WHERE id = $1", batch.Id, deaths, deaths >= died.Limits.OneByOneAfter);
            return true;
        }

        var free = batch with { Token = null };
        var handler = batch.Job is { } job ? JobRows.Standing(sql, job)!.Handler : Handler.Derive;
        var crashed = batch.Crashed + (batch.InHand is null ? 0 : 1);
        sql.Send("UPDATE batches SET deaths = 0, one_by_one = 0, crashed = $2 WHERE id = $1", batch.Id, crashed);
        if (batch.InHand is { } culprit) Fail(sql, free, handler, [culprit], Reason.Crashed, now);
        if (batch.Job is null || batch.InHand is null || crashed >= died.Limits.CrashedItems) Bury(sql, free with { Deaths = deaths }, handler, now);
        else BatchRows.CloseWhenOver(sql, free, handler, now);
        return true;
    }

    private static void Bury(SqlSession sql, BatchRow batch, Handler handler, DateTimeOffset now)
    {
        var open = batch.Image is { } image
            ? batch.InHand is null ? [image] : []
            : sql.Query("SELECT item FROM items WHERE batch_id = $1 AND outcome IS NULL", row => row.Long(0), batch.Id);
        BatchRows.Close(sql, batch, BatchState.Dead);
        sql.Send("UPDATE batches SET deaths = $2, died_at = $3 WHERE id = $1", batch.Id, batch.Deaths, now);
        Fail(sql, batch, handler, open, Reason.DeadLetter, now);
    }

    private static void Fail(SqlSession sql, BatchRow batch, Handler handler, IReadOnlyList<long> items, string reason, DateTimeOffset now)
    {
        IReadOnlyCollection<long> failing = batch.Job is { } of ? BatchRows.OpenOf(sql, of, batch.Id, items) : items;
        if (failing.Count == 0) return;
        var counters = new Counters();
        if (handler == Handler.Scan)
        {
            foreach (var item in failing) CollectionRows.SetReason(sql, item, reason, null, counters);
        }
        else
        {
            foreach (var image in ImageRows.Get(sql, failing).Values) ImageRows.SetState(sql, image, ImageState.Failed, reason, null, counters);
        }
        counters.Write(sql);
        if (batch.Job is not { } job) return;
        BatchRows.SetOutcomes(sql, job, batch.Id, failing.Select(item => new ItemResult(item, Outcome.Failed, reason)), now);
        JobRows.Account(sql, job, new(0, 0, failing.Count), now);
    }
}
