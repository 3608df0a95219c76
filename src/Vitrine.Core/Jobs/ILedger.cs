using Vitrine.Core.Libraries;

namespace Vitrine.Core.Jobs;

/// <summary>
/// The one door for results. Promise: outcomes, facts, derivatives, counters and reservations change together, once, and only with the
/// lease's current token; counters are equal to a recount of the rows at any time.
/// </summary>
public interface ILedger
{
    /// <summary>
    /// Commits up to 64 results. In the same transaction: an item that has its outcome is left out; a result whose source version is not the
    /// image's is thrown away (Skipped <c>source-changed</c>, the collection noted for another look), one whose image is gone is Skipped(<c>removed</c>);
    /// a batch without open items is Done; a job that is planned and accounted is Completed, and with a scan its derive job is planned. A commit of nothing, of a
    /// lease that has items, is a sign of progress between two of them: it moves the stale clock and nothing else.
    /// </summary>
    Task<CommitAnswer> CommitAsync(Lease lease, IReadOnlyList<ItemResult> results, CancellationToken cancellation);

    /// <summary>Counts images and derivative rows, and compares every counter with the rows it counts.</summary>
    Task<Audit> AuditAsync(CancellationToken cancellation);
}

/// <param name="Rows">Derivatives: links of images to blobs.</param>
/// <param name="Blobs">Rows of blobs.</param>
/// <param name="Differences">One line for each counter that differs from its rows: empty when all are equal.</param>
public sealed record Audit(long Images, long Rows, long Blobs, IReadOnlyList<string> Differences);
