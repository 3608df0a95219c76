using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using Vitrine.Backends.Memory;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Memory;

public sealed class MemoryWorkQueueSpec : WorkQueueSpec, IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Meter _meter = new("Vitrine.Tests.Queue");
    private MemoryWorkQueue? _queue;

    protected override Task<IWorkQueue> OpenAsync() => Task.FromResult<IWorkQueue>(_queue = new(Length, _time, _meter));

    public void Dispose()
    {
        _queue?.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public async Task A_wait_ends_with_its_time()
    {
        var queue = await OpenAsync();
        var waiting = queue.ReceiveAsync(TimeSpan.FromSeconds(2), Cancellation);
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await waiting);
    }

    [Fact]
    public async Task Refusals_are_counted()
    {
        var counted = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter == _meter && instrument.Name == "vitrine.queue.full_rejections") self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => counted += value);
        listener.Start();
        var queue = await OpenAsync();
        await queue.PublishAsync([.. Enumerable.Range(1, Length + 3).Select(i => Make(i, BatchClass.Normal))], Cancellation);
        Assert.Equal(3, counted);
    }
}
