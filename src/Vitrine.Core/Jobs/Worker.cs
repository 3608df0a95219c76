using Microsoft.Extensions.Logging;
using Vitrine.Core.Decoding;

namespace Vitrine.Core.Jobs;

/// <summary>Does the work of leased batches of one kind.</summary>
public interface IBatchHandler
{
    /// <summary>Ends when every item of the lease has its outcome, when it is asked to stop (after the item in hand), or when the batch was given back.</summary>
    Task RunAsync(HeldLease held, DecoderLane lane);
}

/// <summary>The handler of each kind of job.</summary>
public sealed record BatchHandlers(IBatchHandler Scan, IBatchHandler Derive)
{
    public IBatchHandler For(Handler handler) => handler == Handler.Scan ? Scan : Derive;
}

/// <summary>Runs a lease while it is kept alive; what its handler leaves open goes back to the store.</summary>
public sealed class LeaseRunner(IBatchStore batches, LeaseKeeper keeper, BatchHandlers handlers, Telemetry telemetry, TimeProvider time)
{
    /// <summary>A batch whose handler threw comes back after this.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public async Task RunAsync(Lease lease, DecoderLane lane, CancellationToken stopping)
    {
        telemetry.BatchesLeased.Add();
        using var held = keeper.Hold(lease, stopping);
        var done = false;
        try
        {
            await handlers.For(lease.Handler).RunAsync(held, lane);
            done = true;
        }
        catch (OperationCanceledException) when (held.Lost.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            // The lease is somebody else's now.
            done = true;
        }
        finally
        {
            // Also where the handler ended well: a commit that was refused because the job is over leaves a lease, and room reserved for it.
            var notBefore = done || stopping.IsCancellationRequested ? (DateTimeOffset?)null : time.GetUtcNow() + Pause;
            await batches.ReleaseAsync(new BatchRelease.HandedBack(lease.Token, notBefore), CancellationToken.None);
        }
    }
}

/// <summary>One loop that leases batches: by the queue's hints, or straight from the store when none comes.</summary>
public sealed class Worker(IWorkQueue queue, IBatchStore batches, LeaseRunner runner, WorkerSettings settings, ILogger<Worker> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly FailureLog _failures = new(logger, settings.Time);

    /// <summary>At a start there are no messages yet, and offers of a former run that nobody will deliver: the store is asked until it has none.</summary>
    private bool _askAtOnce = true;

    /// <param name="draining">Ends it after the batch in hand; cancelled with <paramref name="stopping"/> at the latest.</param>
    /// <param name="stopping">Ends the batch in hand as well: what is open goes back.</param>
    public async Task RunAsync(CancellationToken draining, CancellationToken stopping)
    {
        await Task.Yield();
        settings.Gate.Workforce.Count(1);
        while (!draining.IsCancellationRequested)
        {
            try
            {
                await settings.Gate.PassAsync(draining);
                if (await NextAsync(draining, stopping) is { } lease) await WorkAsync(lease, stopping);
                settings.Signals.Work.Ring();
            }
            catch (OperationCanceledException) when (draining.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                _failures.Log("A batch", failure);
                await Task.Delay(Pause, settings.Time, draining).ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
        settings.Gate.Workforce.Count(-1);
    }

    private async Task WorkAsync(Lease lease, CancellationToken stopping)
    {
        settings.Gate.Workforce.CountBusy(1);
        try
        {
            await runner.RunAsync(lease, DecoderLane.Work, stopping);
        }
        finally
        {
            settings.Gate.Workforce.CountBusy(-1);
        }
    }

    /// <summary>A lease is acknowledged whatever comes of it: from there the lease is the guarantee, not the message.</summary>
    private async Task<Lease?> NextAsync(CancellationToken draining, CancellationToken stopping)
    {
        var wait = _askAtOnce ? TimeSpan.Zero : TimeSpan.FromSeconds(settings.Options.IdleSeconds);
        var delivery = await queue.ReceiveAsync(wait, draining);
        if (draining.IsCancellationRequested)
        {
            if (delivery is not null) await queue.ReturnAsync(delivery, CancellationToken.None);
            return null;
        }
        // A message that is dropped costs nothing: its batch stands in the store until it may be leased.
        var admitted = settings.Gate.Admits(delivery?.Offer.Class ?? BatchClass.Normal);
        var lease = admitted ? await batches.LeaseAsync(new(settings.Node.Name, delivery?.Offer, Unable: settings.Gate.Left, Labels: settings.Node.Labels), stopping) : null;
        _askAtOnce = delivery is null && lease is not null;
        if (delivery is not null) await queue.AcknowledgeAsync(delivery, stopping);
        return lease;
    }
}

/// <summary>What a worker needs beside its contracts.</summary>
public sealed record WorkerSettings(Node Node, EngineOptions Options, Signals Signals, WorkGate Gate, TimeProvider Time);
