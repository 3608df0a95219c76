using Microsoft.Extensions.Time.Testing;
using Vitrine.Backends.Memory;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Memory;

public sealed class MemoryWorkQueueSpec : WorkQueueSpec
{
    private readonly FakeTimeProvider _time = new();
    private MemoryWorkQueue? _queue;

    protected override string Refusals => "vitrine.queue.full_rejections";

    protected override Task<IWorkQueue> OpenAsync() => Task.FromResult<IWorkQueue>(_queue = new(Length, _time, Meter));

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
    public async Task Of_a_group_that_is_too_large_the_first_ones_are_taken()
    {
        var queue = await OpenAsync();
        List<Offer> offers = [.. Enumerable.Range(1, Length + 2).Select(i => Make(i, BatchClass.Normal))];
        Assert.Equal(offers[Length..], (await queue.PublishAsync(offers, Cancellation)).Refused);
    }

    public override ValueTask DisposeAsync()
    {
        _queue?.Dispose();
        return base.DisposeAsync();
    }
}
