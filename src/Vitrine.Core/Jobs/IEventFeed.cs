namespace Vitrine.Core.Jobs;

/// <summary>
/// Changed jobs. Promise: every job whose version passed <c>after</c> is given at least once, in its newest form; a job may be given
/// again, and changes in between may be left out.
/// </summary>
public interface IEventFeed
{
    /// <summary>Ends only by cancellation. The first group is the present state of all jobs that changed after <paramref name="after"/>.</summary>
    IAsyncEnumerable<IReadOnlyList<Job>> ChangesAsync(long after, CancellationToken cancellation);
}
