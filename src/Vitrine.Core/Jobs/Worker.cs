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
public sealed partial class Worker(IWorkQueue queue, IBatchStore batches, LeaseRunner runner, WorkerSettings settings, ILogger<Worker> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>At a start there are no messages yet, and offers of a former run that nobody will deliver: the store is asked until it has none.</summary>
    private bool _askAtOnce = true;

    public async Task RunAsync(CancellationToken stopping)
    {
        await Task.Yield();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (await NextAsync(stopping) is { } lease) await runner.RunAsync(lease, DecoderLane.Work, stopping);
                settings.Signals.Work.Ring();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                LogBatchFailed(logger, failure);
                await Task.Delay(Pause, settings.Time, stopping).ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }
    }

    /// <summary>A lease is acknowledged whatever comes of it: from there the lease is the guarantee, not the message.</summary>
    private async Task<Lease?> NextAsync(CancellationToken stopping)
    {
        var wait = _askAtOnce ? TimeSpan.Zero : TimeSpan.FromSeconds(settings.Options.IdleSeconds);
        var delivery = await queue.ReceiveAsync(wait, stopping);
        var lease = await batches.LeaseAsync(new(settings.Node.Name, delivery?.Offer), stopping);
        _askAtOnce = delivery is null && lease is not null;
        if (delivery is not null) await queue.AcknowledgeAsync(delivery, stopping);
        return lease;
    }

    [LoggerMessage(130, LogLevel.Error, "A batch ended with an error; it is tried again.")]
    private static partial void LogBatchFailed(ILogger logger, Exception failure);
}

/// <summary>What a worker needs beside its contracts.</summary>
public sealed record WorkerSettings(Node Node, EngineOptions Options, Signals Signals, TimeProvider Time);
