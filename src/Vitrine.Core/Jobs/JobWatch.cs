using Microsoft.Extensions.Logging;

namespace Vitrine.Core.Jobs;

/// <summary>
/// Follows the jobs, so that a pause or a cancel reaches the work of this node within one item, on whatever node it was asked for. The store refuses
/// late results without it; this only spares the work.
/// </summary>
public sealed class JobWatch(IEventFeed feed, LeaseKeeper keeper, TimeProvider time, ILogger<JobWatch> logger)
    : PeriodicService(TimeSpan.FromSeconds(1), new Pulse(), time, logger)
{
    /// <summary>A feed that broke is taken up where it was.</summary>
    private long _seen;

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        await foreach (var changed in feed.ChangesAsync(_seen, cancellation))
        {
            foreach (var job in changed)
            {
                if (job.IsOver || job.Holds != Holds.None) keeper.Stop(job.Id);
                _seen = Math.Max(_seen, job.Version);
            }
        }
        return false;
    }
}
