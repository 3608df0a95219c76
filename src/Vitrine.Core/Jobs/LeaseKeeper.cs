using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Vitrine.Core.Jobs;

/// <summary>
/// The leases of this node: renews them all in one statement at a third of the lease time, cancels the work of those whose token is
/// no longer current, and asks the work of a job that is held or over to stop.
/// </summary>
public sealed partial class LeaseKeeper(IBatchStore batches, Node node, EngineOptions options, TimeProvider time, ILogger<LeaseKeeper> logger)
    : PeriodicService(TimeSpan.FromSeconds(options.LeaseSeconds / 3.0), new Pulse(), time, logger)
{
    private readonly ConcurrentDictionary<LeaseToken, HeldLease> _held = [];
    private volatile bool _ending;

    /// <summary>Keeps the lease until the answer is disposed; its <c>Lost</c> is cancelled when the lease is lost or <paramref name="stopping"/> is.</summary>
    public HeldLease Hold(Lease lease, CancellationToken stopping)
    {
        var held = new HeldLease(lease with { Root = node.Roots.Here(lease.Root) }, () => _held.TryRemove(lease.Token, out _), stopping);
        _held[lease.Token] = held;
        if (_ending) held.EndWork();
        return held;
    }

    /// <summary>The node ends: all work ends after the items in hand, and what is leased from now on is handed back as it is.</summary>
    public void End()
    {
        _ending = true;
        foreach (var held in _held.Values) held.EndWork();
    }

    /// <summary>The job is held or over: its work here ends after the item in hand.</summary>
    public void Stop(JobId job)
    {
        foreach (var held in _held.Values.Where(held => held.Lease.Job == job)) held.EndWork();
    }

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        if (_held.IsEmpty) return false;
        var asked = _held.Keys.ToList();
        var current = await batches.RenewAsync(node.Name, asked, cancellation);
        foreach (var token in asked.Where(token => !current.Contains(token)))
        {
            if (!_held.TryRemove(token, out var held)) continue;
            LogLost(Logger, token);
            held.Lose();
        }
        return false;
    }

    [LoggerMessage(100, LogLevel.Warning, "Lease {Token} is lost; its work ends.")]
    private static partial void LogLost(ILogger logger, LeaseToken token);
}

/// <summary>A lease that is renewed until this is disposed.</summary>
public sealed class HeldLease : IDisposable
{
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _stop = new();
    private readonly Action _end;

    internal HeldLease(Lease lease, Action end, CancellationToken stopping)
    {
        (Lease, _end) = (lease, end);
        _lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        (Lost, Stop) = (_lost.Token, _stop.Token);
    }

    public Lease Lease { get; }

    /// <summary>The lease is somebody else's, or the node ends: nothing more is written.</summary>
    public CancellationToken Lost { get; }

    /// <summary>The job is held or over: the item in hand ends, what is made is handed in, and the rest is handed back.</summary>
    public CancellationToken Stop { get; }

    /// <summary>Does nothing where the lease has ended meanwhile.</summary>
    internal void EndWork() => Cancel(_stop);

    internal void Lose() => Cancel(_lost);

    public void Dispose()
    {
        _end();
        _lost.Dispose();
        _stop.Dispose();
    }

    /// <summary>On the caller's own thread, where the asynchronous way would go to another one: a simulation runs all of a node on one.</summary>
    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The work has ended by itself, which is what was asked for.
        }
    }
}
