using Microsoft.Extensions.Logging;

namespace Vitrine.Core.Jobs;

/// <summary>
/// Fills the queue's window: raises offer numbers in the store first, then publishes; what the queue refuses is Ready again, counted.
/// </summary>
public sealed class Dispatcher(IBatchStore batches, IWorkQueue queue, DispatchSettings settings, TimeProvider time, ILogger<Dispatcher> logger)
    : PeriodicService(TimeSpan.FromMilliseconds(500), settings.Signals.Work, time, logger)
{
    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var options = settings.Options.Current;
        var window = new OfferWindow(options.WindowPerWorker * (options.WorkerCount + settings.Reach.WorkersElsewhere), TimeSpan.FromSeconds(options.OfferAgainSeconds));
        var offers = await batches.OfferAsync(window, cancellation);
        foreach (var part in offers.Chunk(options.MessageBatchSize))
        {
            var answer = await queue.PublishAsync(part, cancellation);
            settings.Telemetry.QueueRejections.Add(answer.Refused.Count);
            // Also when the node ends now: nobody else knows that no message carries them.
            foreach (var refused in answer.Refused) await batches.ReleaseAsync(new BatchRelease.Refused(refused), CancellationToken.None);
        }
        return false;
    }
}

/// <summary>What the dispatcher needs beside its two contracts.</summary>
public sealed record DispatchSettings(LiveOptions Options, Reach Reach, Signals Signals, Telemetry Telemetry);

/// <summary>Wakes the loops of this node as soon as there is something for them; without a ring they look by themselves.</summary>
public sealed class Signals : IDisposable
{
    /// <summary>Batches were added or came back.</summary>
    public Pulse Work { get; } = new();

    /// <summary>A job was added.</summary>
    public Pulse Plan { get; } = new();

    public void RingAll()
    {
        Work.Ring();
        Plan.Ring();
    }

    public void Dispose()
    {
        Work.Dispose();
        Plan.Dispose();
    }
}
