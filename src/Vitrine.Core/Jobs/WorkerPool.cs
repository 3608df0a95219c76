using Microsoft.Extensions.Logging;
using Vitrine.Core.Decoding;

namespace Vitrine.Core.Jobs;

/// <summary>
/// The workers of this node: as many as the options say now. One that is too many ends after the batch in hand. Ends itself when the last of them
/// has given its batch back.
/// </summary>
public sealed partial class WorkerPool(Func<Worker> newWorker, DecoderPools decoders, LiveOptions live, TimeProvider time, ILogger<WorkerPool> logger)
    : PeriodicService(TimeSpan.FromSeconds(30), live.Changed, time, logger)
{
    private readonly Stack<Place> _places = new();
    private readonly List<Task> _ending = [];
    private int? _nice;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await base.ExecuteAsync(stoppingToken);
        await Task.WhenAll(_ending.Concat(_places.Select(place => place.Work)));
        foreach (var place in _places) place.Drain.Dispose();
    }

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var options = live.Current;
        decoders.Resize(options.WorkerCount);
        if (_nice is not null && _nice != options.Nice) decoders.Renew();
        _nice = options.Nice;

        var before = _places.Count;
        while (_places.Count < options.WorkerCount) _places.Push(Begin(cancellation));
        while (_places.Count > options.WorkerCount) End(_places.Pop());
        _ending.RemoveAll(work => work.IsCompleted);
        if (before > 0 && before != _places.Count) LogResized(Logger, before, _places.Count);
        await decoders.EndIdleAsync();
        return false;
    }

    private Place Begin(CancellationToken stopping)
    {
        var drain = CancellationTokenSource.CreateLinkedTokenSource(stopping);
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
