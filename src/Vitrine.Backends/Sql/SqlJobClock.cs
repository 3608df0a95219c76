using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Sql;

internal sealed class SqlJobClock(SqlDatabase database, TimeProvider time) : IJobClock
{
    public Task<IReadOnlyList<StaleJob>> StaleAsync(TimeSpan timeout, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<StaleJob>>(sql => JobClock.Stale(sql, timeout, time.GetUtcNow()), cancellation);

    public Task LookAsync(EngineLook look, CancellationToken cancellation) => database.WriteAsync(Lane.Interactive, sql =>
    {
        JobClock.Look(sql, look, time.GetUtcNow());
        return true;
    }, cancellation);
}
