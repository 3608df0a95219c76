using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>The planted faults in the real store: the text of the one statement that guards is another one, or what it compares is made to fit.</summary>
internal static class SqlPlants
{
    /// <summary>Without a fence an old token has to lead somewhere: to the batch that it was given for.</summary>
    public static string Prepare(Plant plant) => plant == Plant.NoFence
        ? """
          CREATE TABLE spent_tokens (token INTEGER PRIMARY KEY, batch INTEGER NOT NULL);
          CREATE TRIGGER spend AFTER UPDATE OF token ON batches WHEN OLD.token IS NOT NULL AND NEW.token IS NOT OLD.token
          BEGIN INSERT OR REPLACE INTO spent_tokens VALUES (OLD.token, OLD.id); END;
          """
        : "";

    public static string Rewrite(Plant plant, string sql) => plant switch
    {
        Plant.CountTwice when sql.StartsWith("SELECT item FROM items WHERE job_id = $1 AND batch_id = $2", StringComparison.Ordinal) =>
            sql.Replace(" AND outcome IS NULL", "", StringComparison.Ordinal),
        Plant.NoFence => sql.Replace(
            "WHERE token = $1 AND state = 2", "WHERE token = $1 OR id = (SELECT batch FROM spent_tokens WHERE token = $1)", StringComparison.Ordinal),
        Plant.CompleteEarly => sql.Replace(" AND (planned = 1 OR handler = 0)", "", StringComparison.Ordinal),
        _ => sql,
    };

    public static ILedger Into(Plant plant, InlineDatabase database, ILedger ledger) => plant switch
    {
        Plant.AnyVersion => new Fitted(ledger, result => Fit(database, result)),
        _ => ledger,
    };

    private static ItemResult Fit(InlineDatabase database, ItemResult result)
    {
        var recorded = database.Read(sql => sql.Query("SELECT size, stamp, inode FROM images WHERE id = $1", row => row.Version(0), result.Item));
        return recorded.Count == 0 || result.VersionRead is null ? result : result with { VersionRead = recorded[0] };
    }

    private sealed class Fitted(ILedger ledger, Func<ItemResult, ItemResult> fit) : ILedger
    {
        public Task<CommitAnswer> CommitAsync(Lease lease, IReadOnlyList<ItemResult> results, CancellationToken cancellation) =>
            ledger.CommitAsync(lease, [.. results.Select(fit)], cancellation);

        public Task<Audit> AuditAsync(CancellationToken cancellation) => ledger.AuditAsync(cancellation);
    }
}
