using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

internal sealed class SqlBrakeStore(SqlDatabase database, TimeProvider time) : IBrakeStore
{
    public Task<IReadOnlyDictionary<LibraryId, HeldChange>> ListAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyDictionary<LibraryId, HeldChange>>(sql => Brake.All(sql).Where(row => row.State != BrakeState.Gathering).ToDictionary(
            row => new LibraryId(row.Library),
            row => new HeldChange(row.State == BrakeState.Applying, row.Removed, row.Redone, new(row.Scan), row.Since)), cancellation);

    public Task<bool> DecideAsync(LibraryId library, BrakeVerdict verdict, CancellationToken cancellation) =>
        database.WriteAsync(Lane.Interactive, sql => verdict == BrakeVerdict.Approve
            ? Brake.Approve(sql, library.Value)
            : Brake.Reject(sql, library.Value, time.GetUtcNow()), cancellation);

    public Task<bool> ApplyAsync(int limit, CancellationToken cancellation) => database.WriteAsync(Lane.Bulk, sql =>
    {
        if (Brake.All(sql).Find(row => row.State == BrakeState.Applying) is not { } decided) return false;
        // One that is done may not have been the only one.
        PendingApply.Page(sql, decided.Library, null, limit, time.GetUtcNow());
        return true;
    }, cancellation);
}
