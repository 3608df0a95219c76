using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Jobs;

/// <summary>What the dispatcher publishes, in which groups, and what it does with a full queue (R24, R29, R31-R33, R79).</summary>
public sealed class DispatcherTests : StoreSpec, IWorkQueue
{
    private readonly List<int> _published = [];
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _room = int.MaxValue;
    private int _expected;

    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();

    [Theory]
    [InlineData("thumbnail")]
    [InlineData("display")]
    public async Task Offers_are_published_in_groups_and_the_remainder_with_them(string preset)
    {
        await PlanAsync(preset, batches: 20);
        await DispatchAsync(messageBatchSize: 7);
        Assert.Equal([7, 7, 6], _published);
        Assert.Empty(await Store.Batches.OfferAsync(new(100, TimeSpan.FromMinutes(1)), Cancellation));
    }

    [Fact]
    public async Task What_a_full_queue_refuses_is_counted_and_ready_again()
    {
        await PlanAsync("thumbnail", batches: 5);
        _room = 3;
        Assert.Equal(2, await DispatchAsync(messageBatchSize: 100));
        var again = await Store.Batches.OfferAsync(new(100, TimeSpan.FromMinutes(1)), Cancellation);
        Assert.Equal([2, 2], again.Select(offer => offer.Number));
    }

    Task<PublishAnswer> IWorkQueue.PublishAsync(IReadOnlyList<Offer> offers, CancellationToken cancellation)
    {
        _published.Add(offers.Count);
        if (_published.Sum() == _expected) _all.SetResult();
        var taken = Math.Min(offers.Count, _room);
        _room -= taken;
        return Task.FromResult(new PublishAnswer([.. offers.Skip(taken)]));
    }

    Task<Delivery?> IWorkQueue.ReceiveAsync(TimeSpan wait, CancellationToken cancellation) => throw new NotSupportedException();
    Task IWorkQueue.AcknowledgeAsync(Delivery delivery, CancellationToken cancellation) => throw new NotSupportedException();
    Task IWorkQueue.ReturnAsync(Delivery delivery, CancellationToken cancellation) => throw new NotSupportedException();

    private async Task PlanAsync(string preset, int batches)
    {
        _expected = batches;
        var derive = await Story.ScanAsync(await Story.AddLibraryAsync("one", preset), new Tree().With("sub", Story.Pictures(batches)));
        await Store.Jobs.ControlAsync(derive.Id, new JobCommand.Cancel(), Cancellation);
        var whole = await Story.WholeBatchAsync(derive.Scope);
        await Story.PlanAsync(derive.Scope, [.. whole.Items.Select(item => whole with { Items = [item] })]);
    }

    /// <summary>One step. Answers how many refusals were counted.</summary>
    private async Task<long> DispatchAsync(int messageBatchSize)
    {
        using var signals = new Signals();
        using var reach = new Reach();
        using var telemetry = new Telemetry();
        using var options = new LiveOptions(new() { Workers = 10, WindowPerWorker = 10, MessageBatchSize = messageBatchSize });
        using var dispatcher = new Dispatcher(Store.Batches, this, new(options, reach, signals, telemetry), Store.Time, NullLogger<Dispatcher>.Instance);
        await dispatcher.StartAsync(Cancellation);
        await _all.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        await dispatcher.StopAsync(Cancellation);
        return telemetry.QueueRejections.Value;
    }
}
