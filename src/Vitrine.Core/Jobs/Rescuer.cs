using Microsoft.Extensions.Logging;

namespace Vitrine.Core.Jobs;

/// <summary>
/// Frees the leases of dead nodes: those whose token and count of renewals it has itself seen standing still for a whole lease time, on its
/// own monotonic clock, by looks at most a third of a lease apart. No clocks are compared.
/// </summary>
public sealed partial class Rescuer(IBatchStore batches, EngineOptions options, TimeProvider time, ILogger<Rescuer> logger)
    : PeriodicService(TimeSpan.FromSeconds(options.LeaseSeconds / 4.0), new Pulse(), time, logger)
{
    private readonly Dictionary<LeaseToken, Sighting> _seen = [];
    private long _lastLook;

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var leases = await batches.LeasesAsync(cancellation);
        var now = Time.GetTimestamp();

        // A look that came late says nothing about the time between: the count starts anew.
        if (_seen.Count > 0 && Time.GetElapsedTime(_lastLook, now) > TimeSpan.FromSeconds(options.LeaseSeconds / 3.0)) _seen.Clear();
        _lastLook = now;

        foreach (var gone in _seen.Keys.Except(leases.Select(l => l.Token)).ToList()) _seen.Remove(gone);
        foreach (var lease in leases)
        {
            if (!_seen.TryGetValue(lease.Token, out var sighting) || sighting.Renewals != lease.Renewals) _seen[lease.Token] = new(lease.Renewals, now);
            else if (Time.GetElapsedTime(sighting.Since, now) >= TimeSpan.FromSeconds(options.LeaseSeconds)) await FreeAsync(lease, cancellation);
        }
        return false;
    }

    private async Task FreeAsync(LeaseSign lease, CancellationToken cancellation)
    {
        var died = new BatchRelease.Died(lease.Token, lease.Renewals, new(Deliveries: options.Deliveries));
        if (await batches.ReleaseAsync(died, cancellation)) LogFreed(Logger, lease.Batch, lease.Node);
        _seen.Remove(lease.Token);
    }

    [LoggerMessage(110, LogLevel.Warning, "Batch {Batch} is free again: node {Node} did not renew its lease.")]
    private static partial void LogFreed(ILogger logger, BatchId batch, string node);

    private readonly record struct Sighting(long Renewals, long Since);
}
