using Microsoft.Extensions.Logging;
using Vitrine.Core.Decoding;

namespace Vitrine.Core.Jobs;

/// <summary>
/// The workers of this node: as many as the options say now. One that is too many ends after the batch in hand. At the end of the process all finish the images
/// in hand and give the rest back; those that are not done in time give back all.
/// </summary>
public sealed partial class WorkerPool(Func<Worker> newWorker, DecoderPools decoders, LiveOptions live, PoolSettings settings)
    : PeriodicService(TimeSpan.FromSeconds(30), live.Changed, settings.Time, settings.Logger)
{
    private readonly Lock _placing = new();
    private readonly CancellationTokenSource _draining = new();
    private readonly Stack<Place> _places = new();
    private readonly List<Task> _ending = [];
    private int? _nice;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await DrainAsync();
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _draining.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await base.ExecuteAsync(stoppingToken);
        await Task.WhenAll(All());
        foreach (var place in _places) place.Drain.Dispose();
    }

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var options = live.Current;
        decoders.Resize(options.WorkerCount);
        if (_nice is not null && _nice != options.Nice) decoders.Renew();
        _nice = options.Nice;
        Fill(options.WorkerCount, cancellation);
        await decoders.EndIdleAsync();
        return false;
    }

    private void Fill(int wanted, CancellationToken stopping)
    {
        lock (_placing)
        {
            if (_draining.IsCancellationRequested) return;
            var before = _places.Count;
            while (_places.Count < wanted) _places.Push(Begin(stopping));
            while (_places.Count > wanted) End(_places.Pop());
            _ending.RemoveAll(work => work.IsCompleted);
            if (before > 0 && before != _places.Count) LogResized(Logger, before, _places.Count);
        }
    }

    private async Task DrainAsync()
    {
        lock (_placing) _draining.Cancel();
        settings.Keeper.End();
        var ended = Task.WhenAll(All());
        if (ended.IsCompleted) return;
        var limit = TimeSpan.FromSeconds(live.Current.DrainSeconds);
        await ended.WaitAsync(limit, Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private List<Task> All()
    {
        lock (_placing) return [.. _ending, .. _places.Select(place => place.Work)];
    }

    private Place Begin(CancellationToken stopping)
    {
        var drain = CancellationTokenSource.CreateLinkedTokenSource(stopping, _draining.Token);
        return new(drain, newWorker().RunAsync(drain.Token, stopping));
    }

    private void End(Place place)
    {
        place.Drain.Cancel();
        _ending.Add(EndedAsync(place));
    }

    private static async Task EndedAsync(Place place)
    {
        await place.Work;
        place.Drain.Dispose();
    }

    [LoggerMessage(131, LogLevel.Information, "{Before} workers become {Now}.")]
    private static partial void LogResized(ILogger logger, int before, int now);

    private sealed record Place(CancellationTokenSource Drain, Task Work);
}

/// <summary>What the pool needs beside its workers and decoders.</summary>
public sealed record PoolSettings(LeaseKeeper Keeper, TimeProvider Time, ILogger<WorkerPool> Logger);
