using Vitrine.Core.Users;

namespace Vitrine.Core.Jobs;

/// <summary>
/// The failure inbox. Promise: nothing of a library outside <see cref="Grants"/> is in any answer or touched by any call; groups count
/// exactly what stands at any time; a retry is a new job, and what it retries stays in the inbox until that job ends it otherwise.
/// </summary>
public interface IFailureStore
{
    /// <summary>
    /// What stands as failed or skipped now, counted: by library, kind, reason, decoder version, and whether it is ignored. Not paged: there are
    /// few, and each is one row whatever it counts.
    /// </summary>
    Task<IReadOnlyList<FailureGroup>> GroupsAsync(Grants grants, CancellationToken cancellation);

    /// <summary>What failed or was skipped, in an order that stays: containers first. A cursor of another query is a <see cref="FormatException"/>.</summary>
    Task<Page<JobFailure>> ListAsync(Grants grants, FailureQuery query, string? after, int limit, CancellationToken cancellation);

    /// <summary>
    /// Marks what is selected as ignored, or as no longer so, in steps that are short writes each; answers how many changed. The mark goes by
    /// itself when the original changes or the item ends well.
    /// </summary>
    Task<long> IgnoreAsync(Grants grants, FailureQuery.Standing selection, bool ignored, CancellationToken cancellation);

    /// <summary>
    /// Adds the jobs that try the selection again, in one transaction: for images a derive job over the selection, for containers a scan of them,
    /// for each library. Dead batches that are taken up leave their list. Null: no such job or batch. With a key that a retry had before, the jobs
    /// of that retry are answered and nothing is added.
    /// </summary>
    Task<IReadOnlyList<Job>?> RetryAsync(Grants grants, FailureQuery selection, string? idempotencyKey, CancellationToken cancellation);

    /// <summary>Batches that died too often and were neither retried nor dropped, newest first.</summary>
    Task<Page<DeadBatch>> DeadBatchesAsync(Grants grants, string? after, int limit, CancellationToken cancellation);

    /// <summary>Takes a dead batch off the list; the failures of its items stay. False: it is not on the list.</summary>
    Task<bool> DropAsync(Grants grants, BatchId batch, CancellationToken cancellation);
}

/// <summary>Which failures: to list them, or as what a job tries again.</summary>
public abstract record FailureQuery
{
    private FailureQuery() { }

    /// <summary>
    /// Items of the job that ended so, whatever became of them later. Tried again are those that failed and, of a job that was given up, those
    /// that it left without an outcome.
    /// </summary>
    public sealed record OfJob(JobId Job) : FailureQuery;

    /// <summary>Items that failed because this batch died too often.</summary>
    public sealed record OfBatch(BatchId Batch) : FailureQuery;

    /// <summary>
    /// What stands now: images whose state is Failed or Skipped, and containers that could not be read at their last scan. In a library there are
    /// as many as its counters <c>Failed</c>, <c>Skipped</c> and <c>FailedContainers</c> say. Null leaves a question open.
    /// </summary>
    /// <param name="Kind">Containers (<see cref="Handler.Scan"/>) or images.</param>
    /// <param name="Decoder">Judged by this version; empty: by none.</param>
    /// <param name="OtherThan">Not judged by this version: by another one, or by none.</param>
    /// <param name="Collection">Images of this collection, and its container.</param>
    public sealed record Standing(
        LibraryId? Library = null, Handler? Kind = null, IReadOnlyList<string>? Reasons = null, string? Decoder = null, string? OtherThan = null,
        CollectionId? Collection = null, ImageId? Image = null, bool? Ignored = null) : FailureQuery
    {
        /// <summary>Whether what this group counts is selected, as far as a group tells: all but collection and image.</summary>
        public bool Selects(FailureGroup group) =>
            (Library ?? group.Library) == group.Library
            && (Kind ?? group.Kind) == group.Kind
            && Reasons?.Contains(group.Reason) != false
            && (Decoder ?? group.Decoder) == group.Decoder
            && OtherThan != group.Decoder
            && (Ignored ?? group.Ignored) == group.Ignored
            && (Image is null || group.Kind == Handler.Derive);
    }
}

/// <param name="Decoder">The version that judged so; empty where none did.</param>
public sealed record FailureGroup(LibraryId Library, Handler Kind, string Reason, string Decoder, bool Ignored, long Count);

/// <summary>A failed or skipped item, with what its newest row in a job says of that end.</summary>
/// <param name="Job">The job of that row; null where no job keeps one, as for an image on demand. Then Attempts is 0, and message and time are null.</param>
/// <param name="Handler">What the item is: a container of a scan, or an image.</param>
/// <param name="Source">The place below the library's root; an archive's entry after the archive's path and " : ".</param>
/// <param name="Ignored">As it stands now, also where the list is a job's.</param>
public sealed record JobFailure(
    JobId? Job, Handler Handler, long Item, LibraryId Library, string Source, Outcome Outcome, string Code, string? Message, int Attempts,
    string? DecoderVersion, DateTimeOffset? At, bool Ignored);

/// <param name="Path">The container's place below the library's root; empty where it is gone.</param>
/// <param name="Deaths">Without an outcome, at its end.</param>
/// <param name="Crashed">Items of it that had crashed alone before.</param>
/// <param name="Items">Those that were open when it died: Failed(<c>dead-letter</c>) since.</param>
public sealed record DeadBatch(
    BatchId Id, JobId Job, Handler Handler, LibraryId Library, CollectionId Collection, string Path, int Deaths, int Crashed, long Items,
    DateTimeOffset DiedAt);
