using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Core.Derivatives;

public abstract record OnDemandAnswer
{
    private OnDemandAnswer() { }

    public sealed record Ready(Derivative Derivative) : OnDemandAnswer;

    /// <summary>Not in the time that a request waits; the work goes on.</summary>
    public sealed record Pending : OnDemandAnswer;

    /// <summary>Its asker has as many others being made as one may have: it is not begun.</summary>
    public sealed record Busy : OnDemandAnswer;

    /// <summary>It cannot be made, for this reason code.</summary>
    public sealed record Refused(string Code) : OnDemandAnswer;
}

/// <summary>
/// Makes a missing derivative at once: a batch of one image in class <c>viewing</c>, through the same door as all others. Requests for
/// the same image join the same work, here and, by the store, across servers.
/// </summary>
public sealed partial class OnDemand(IBatchStore batches, ICatalog catalog, LeaseRunner runner, OnDemandSettings settings) : IAsyncDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>A grid of old thumbnails must not stand before a picture that is missing.</summary>
    private const int MostRenewals = 4;

    private readonly ConcurrentDictionary<(ImageId Image, string Preset), Lazy<Task>> _running = [];
    private readonly InFlight _inFlight = new(settings.Options.OnDemandPerUser);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Waits for <see cref="EngineOptions.OnDemandWaitMilliseconds"/> at most; the work itself does not end with the request.</summary>
    /// <param name="asker">Whose <see cref="EngineOptions.OnDemandPerUser"/> it counts for, in the server's words; null has no limit. Joining what is being made is free.</param>
    public async Task<OnDemandAnswer> MakeAsync(Image image, string preset, string? asker, CancellationToken cancellation)
    {
        if (image.Summary.Reason is { } known && image.Summary.State != ImageState.Ready && !Reason.Of(known).Retryable) return new OnDemandAnswer.Refused(known);
        settings.Telemetry.DerivativesOnDemand.Add();
        if (Work((image.Summary.Id, preset), asker: asker) is not { } work) return new OnDemandAnswer.Busy();
        var limit = TimeSpan.FromMilliseconds(settings.Options.OnDemandWaitMilliseconds);
        await work.WaitAsync(limit, settings.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        cancellation.ThrowIfCancellationRequested();
        var now = await catalog.ImageAsync(Grants.All, image.Summary.Id, cancellation);
        if (now?.Derivatives.FirstOrDefault(d => d.Preset == preset) is { } derivative) return new OnDemandAnswer.Ready(derivative);
        if (!work.IsCompleted) return new OnDemandAnswer.Pending();
        return now is null ? new OnDemandAnswer.Refused(Reason.Removed) : AnswerFor(now);
    }

    /// <summary>Makes it before anybody waits for it, and ends when that is over, however it ended.</summary>
    public Task MakeAheadAsync(ImageId image, string preset, CancellationToken cancellation)
    {
        settings.Telemetry.DerivativesAhead.Add();
        return Work((image, preset))!.WaitAsync(cancellation);
    }

    /// <summary>What is there was made by a former recipe: it is made anew behind the answer, unless enough is in hand already.</summary>
    public void Renew(ImageId image, string preset)
    {
        if (_running.Count >= MostRenewals || _running.ContainsKey((image, preset))) return;
        _ = Work((image, preset), new BatchAddition.Renewal(image, preset));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        foreach (var work in _running.Values) await work.Value.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _stopping.Dispose();
    }

    private static OnDemandAnswer AnswerFor(Image image) => image.Summary switch
    {
        { State: ImageState.Failed or ImageState.Skipped, Reason: { } reason } => new OnDemandAnswer.Refused(reason),
        { State: ImageState.Ready } => new OnDemandAnswer.Refused(Reason.NoRoom),
        _ => new OnDemandAnswer.Pending(),
    };

    /// <summary>Null: the asker has enough in hand.</summary>
    private Task? Work((ImageId Image, string Preset) key, BatchAddition? addition = null, string? asker = null)
    {
        if (_running.TryGetValue(key, out var running)) return running.Value;
        if (!_inFlight.TryBegin(asker)) return null;
        var mine = new Lazy<Task>(() => MakeAndForgetAsync(key, addition ?? new BatchAddition.OnDemand(key.Image, [key.Preset]), asker));
        var work = _running.GetOrAdd(key, mine);
        if (work != mine) _inFlight.End(asker);
        return work.Value;
    }

    private async Task MakeAndForgetAsync((ImageId Image, string Preset) key, BatchAddition addition, string? asker)
    {
        settings.Viewing.Begin();
        try
        {
            await MakeAsync(key.Image, key.Preset, addition, _stopping.Token);
        }
        catch (Exception failure) when (failure is DecoderUnavailableException or IOException)
        {
            LogFailed(settings.Logger, key.Image, failure.Message);
        }
        finally
        {
            settings.Viewing.End();
            _inFlight.End(asker);
            _running.TryRemove(key, out _);
        }
    }

    private async Task MakeAsync(ImageId image, string preset, BatchAddition addition, CancellationToken stopping)
    {
        await Task.Yield();
        var added = await batches.AddAsync(addition, stopping);
        if (added.Batch is not { } batch) return;
        if (await batches.LeaseAsync(new(settings.Node.Name, Batch: batch, Unable: settings.Reach.Left, Labels: settings.Node.Labels), stopping) is { } lease)
        {
            await runner.RunAsync(lease, DecoderLane.Viewing, stopping);
            return;
        }

        // Another worker has it: wait for what it makes, a little longer than any request does.
        for (var looks = 0; looks < 50; looks++)
        {
            await Task.Delay(LookAgain, settings.Time, stopping);
            if (await catalog.ImageAsync(Grants.All, image, stopping) is not { } now || now.Derivatives.Any(d => d.Preset == preset)) return;
        }
    }

    [LoggerMessage(170, LogLevel.Warning, "Image {Image} could not be made on demand: {Problem}")]
    private static partial void LogFailed(ILogger logger, ImageId image, string problem);
}

/// <summary>What on-demand work needs beside its contracts.</summary>
public sealed record OnDemandSettings(Node Node, Reach Reach, EngineOptions Options, Viewing Viewing, Telemetry Telemetry, TimeProvider Time, ILogger<OnDemand> Logger);
