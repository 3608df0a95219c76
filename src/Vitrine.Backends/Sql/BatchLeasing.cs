using System.Text.Json;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>One request for a lease.</summary>
internal sealed class BatchLeasing(SqlSession sql, LeaseRequest request, DateTimeOffset now)
{
    /// <summary>Batches that turn out to be over, held or empty are passed at most so often in one request.</summary>
    private const int MaxPassed = 100;

    private readonly HashSet<long> _unable = [.. (request.Unable ?? []).Select(l => l.Value), .. LibraryRows.ForOtherLabels(sql, request.Labels ?? [])];

    public Lease? Lease()
    {
        if (request.Offer is { } offer) return OfOffer(offer);
        if (request.Batch is { } wanted)
        {
            return BatchRows.Get(sql, wanted.Value) is { State: BatchState.Ready or BatchState.Offered } batch ? TryLease(batch) : null;
        }
        for (var passed = 0; passed < MaxPassed; passed++)
        {
            if (First(BatchClass.Viewing, BatchClass.Low) is not { } batch) return null;
            if (TryLease(batch) is { } lease) return lease;
        }
        return null;
    }

    /// <summary>
    /// A message says that there is work of its class. What goes first of that class and those before it is taken: where another job has waited longer
    /// since it was served, or a batch of a class before is due, that one goes, and the message's own is Ready again. So a job of one image is not
    /// behind a window full of a large job's batches, and a queue whose first classes are empty for a moment turns no order around.
    /// </summary>
    private Lease? OfOffer(Offer offer)
    {
        if (BatchRows.Get(sql, offer.Batch.Value) is not { State: BatchState.Offered } own || own.Offer != offer.Number) return null;
        if (First(own.Class == BatchClass.Viewing ? own.Class : BatchClass.Covers, own.Class) is not { } first) return TryLease(own);
        if (first.Job == own.Job && first.Class == own.Class) return TryLease(own);
        if (TryLease(first) is not { } lease) return TryLease(own);
        BatchRows.MakeReady(sql, own, now);
        return lease;
    }

    private BatchRow? First(BatchClass from, BatchClass to) => BatchRows.FirstDue(sql, from, to, _unable, now);

    /// <summary>Null where the batch may not or need not be leased; then it is Ready or closed.</summary>
    private Lease? TryLease(BatchRow batch)
    {
        var job = batch.Job is { } id ? JobRows.Get(sql, id) : null;
        if (job is { IsOver: true })
        {
            BatchRows.Close(sql, batch);
            return null;
        }
        if (job is { Holds: not Holds.None } || _unable.Contains(batch.Library))
        {
            sql.Send("UPDATE batches SET state = 0, offered_at = NULL WHERE id = $1", batch.Id);
            return null;
        }

        var handler = job?.Handler ?? Handler.Derive;
        var items = handler == Handler.Scan ? Containers(batch) : Images(batch, job);
        if (items.Count == 0)
        {
            if (FirstRetry(batch) is { } due) BatchRows.MakeReady(sql, batch, now, due);
            else BatchRows.CloseWhenOver(sql, batch, handler, now);
            return null;
        }
        // What a commit notes from here on was seen after this scan began: only another scan answers it.
        if (handler == Handler.Scan) sql.Send("UPDATE collections SET revisit = 0 WHERE id = $1 AND revisit = 1", batch.Collection);
        BatchOffers.MarkServed(sql, job, batch.Id);
        if (job is { ServedSince: null }) JobClock.Start(sql, job.Id.Value, now);
        var token = sql.Next();
        sql.Send(
            """
            UPDATE batches SET state = 2, token = $2, node = $3, renewals = 0, heartbeat_at = $4, progressed_at = $4, not_before = NULL,
                offered_at = NULL, in_hand = NULL
            WHERE id = $1
            """, batch.Id, token, request.Node, now);
        var known = handler == Handler.Derive && job?.Scope.Force != true ? KnownContents.For(sql, [.. items.Where(item => item.Larger is null)]) : null;
        return Build(batch, job, handler, new(token), items, known);
    }

    private DateTimeOffset? FirstRetry(BatchRow batch) =>
        sql.Number("SELECT min(not_before) FROM items WHERE batch_id = $1 AND outcome IS NULL AND not_before > $2", batch.Id, now) is { } due
            ? DateTimeOffset.FromUnixTimeMilliseconds(due)
            : null;

    private Lease? Build(BatchRow batch, Job? job, Handler handler, LeaseToken token, IReadOnlyList<WorkItem> items, IReadOnlyList<ImageFacts>? known) => sql.First(
        """
        SELECT l.root, l.mount_source, l.mount_type, l.settings, c.kind, c.path, coalesce(c.size, 0), coalesce(c.stamp, 0), coalesce(c.inode, 0)
        FROM collections c JOIN libraries l ON l.id = c.library_id WHERE c.id = $1
        """,
        row => new Lease(
            token, new(batch.Id), job?.Id, handler, batch.Class, new(batch.Library), row.Text(0), new(row.Text(1), row.Text(2)),
            new(batch.Collection), (ContainerKind)row.Int(4), SourcePath.FromBytes(row.Bytes(5)), row.Version(6),
            LibraryRows.Settings(row.Text(3)).Exclude, items, batch.OneByOne, job?.Scope.Force ?? false, known),
        batch.Collection);

    private List<WorkItem> Containers(BatchRow batch) => sql.Query(
        """
        SELECT c.id, c.path, c.name, coalesce(c.size, 0), coalesce(c.stamp, 0), coalesce(c.inode, 0), t.attempts
        FROM items t JOIN collections c ON c.id = t.item WHERE t.batch_id = $1 AND t.outcome IS NULL AND (t.not_before IS NULL OR t.not_before <= $2)
        """,
        row => new WorkItem(row.Long(0), SourcePath.FromBytes(row.Bytes(1)).LastSegment, 0, row.Text(2), row.Version(3), [], row.Int(6)), batch.Id, now);

    private List<WorkItem> Images(BatchRow batch, Job? job)
    {
        const string columns = "i.id, i.raw_name, i.occurrence, i.name, i.size, i.stamp, i.inode, i.state";
        var names = job?.Scope.Presets ?? SqlJson.Texts(batch.Presets!);
        var all = PresetRows.All(sql);
        var wanted = PresetRows.Named(all, names);
        var present = job is { Scope.Force: true } ? null : Present(batch);
        var ready = new HashSet<long>();
        var items = job is null
            ? sql.Query($"SELECT {columns}, 0 FROM images i WHERE i.id = $1", Map, batch.Image)
            : sql.Query(
                $"""
                SELECT {columns}, t.attempts FROM items t JOIN images i ON i.id = t.item
                WHERE t.batch_id = $1 AND t.outcome IS NULL AND (t.not_before IS NULL OR t.not_before <= $2) ORDER BY i.sort_key, i.id
                """, Map, batch.Id, now);
        return present is null ? items : LargerDerivatives.For(sql, items, ready, all);

        WorkItem Map(Row row)
        {
            var (id, state) = (row.Long(0), (ImageState)row.Int(7));
            if (state == ImageState.Ready) ready.Add(id);
            return new(
                id, new(row.Bytes(1)), row.Int(2), row.Text(3), row.Version(4),
                present is null ? wanted : Missing(wanted, present[id], stands: state > ImageState.Ready), row.Int(8));
        }
    }

    /// <summary>What stands as failed and yet has all failed at a preset that is not asked for here: made anew, it stands no longer.</summary>
    private static IReadOnlyList<Preset> Missing(IReadOnlyList<Preset> wanted, IEnumerable<(string Preset, long Recipe)> present, bool stands)
    {
        var missing = wanted.ExceptBy(present, preset => (preset.Name, preset.Recipe)).ToList();
        return missing.Count == 0 && stands ? wanted : missing;
    }

    private ILookup<long, (string Preset, long Recipe)> Present(BatchRow batch) => (batch.Image is { } image
        ? sql.Query("SELECT image_id, preset, recipe FROM derivatives WHERE image_id = $1", Link, image)
        : sql.Query(
            """
            SELECT d.image_id, d.preset, d.recipe FROM items t JOIN derivatives d ON d.image_id = t.item
            WHERE t.batch_id = $1 AND t.outcome IS NULL
            """, Link, batch.Id)).ToLookup(link => link.Image, link => (link.Preset, link.Recipe));

    private static (long Image, string Preset, long Recipe) Link(Row row) => (row.Long(0), row.Text(1), row.Long(2));
}
