using Microsoft.Extensions.Hosting;
using Vitrine.Core.Decoding;

namespace Vitrine.Core.Jobs;

/// <summary>The workers of this node; ends when the last of them has given its batch back.</summary>
public sealed class WorkerPool(Func<Worker> newWorker, DecoderPool decoders, EngineOptions options, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan IdlePeriod = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var workers = Enumerable.Range(0, options.WorkerCount).Select(_ => newWorker().RunAsync(stoppingToken)).ToList();
        using var timer = new PeriodicTimer(IdlePeriod, time);
        var sweep = SweepAsync(timer);
        await Task.WhenAll(workers);
        timer.Dispose();
        await sweep;
    }

    private async Task SweepAsync(PeriodicTimer timer)
    {
        while (await timer.WaitForNextTickAsync(CancellationToken.None)) await decoders.EndIdleAsync();
    }
}
