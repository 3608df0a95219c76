using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Vitrine.Core.Jobs;

/// <summary>The name of this process among the nodes: unique for each start.</summary>
public sealed record Node(string Name);

/// <summary>
/// The leases of this node: renews them all in one statement at a third of the lease time, and cancels the work of those whose token is
/// no longer current.
/// </summary>
public sealed partial class LeaseKeeper(IBatchStore batches, Node node, EngineOptions options, TimeProvider time, ILogger<LeaseKeeper> logger)
    : PeriodicService(TimeSpan.FromSeconds(options.LeaseSeconds / 3.0), new Pulse(), time, logger)
{
    private readonly ConcurrentDictionary<LeaseToken, CancellationTokenSource> _held = [];

    /// <summary>Keeps the lease until the answer is disposed; its token is cancelled when the lease is lost or <paramref name="stopping"/> is.</summary>
    public HeldLease Hold(Lease lease, CancellationToken stopping)
    {
        var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _held[lease.Token] = lost;
        return new(End, lost.Token);

        void End()
        {
            _held.TryRemove(lease.Token, out _);
            lost.Dispose();
        }
    }

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        if (_held.IsEmpty) return false;
        var asked = _held.Keys.ToList();
        var current = await batches.RenewAsync(node.Name, asked, cancellation);
        foreach (var token in asked.Where(token => !current.Contains(token)))
        {
            if (!_held.TryRemove(token, out var lost)) continue;
            LogLost(Logger, token);
            // Here, and not on another thread: a simulation runs all of a node on one.
            lost.Cancel();
        }
        return false;
    }

    [LoggerMessage(100, LogLevel.Warning, "Lease {Token} is lost; its work ends.")]
    private static partial void LogLost(ILogger logger, LeaseToken token);
}

/// <summary>A lease that is renewed until this is disposed.</summary>
public sealed class HeldLease(Action end, CancellationToken lost) : IDisposable
{
    public CancellationToken Lost { get; } = lost;

    public void Dispose() => end();
}
