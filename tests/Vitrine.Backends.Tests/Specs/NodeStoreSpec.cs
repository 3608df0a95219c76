using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Specs;

public abstract class NodeStoreSpec : StoreSpec
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_node_is_alive_for_a_time_after_its_beat()
    {
        await Store.Nodes.BeatAsync(new("a"), 2, [], Cancellation);
        Store.Time.Advance(TimeSpan.FromMinutes(1));
        await Store.Nodes.BeatAsync(new("b"), 0, [], Cancellation);
        Assert.Equal(["a", "b"], (await Store.Nodes.ListAsync(Life, Cancellation)).Select(n => n.Name));
        Store.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["b"], (await Store.Nodes.ListAsync(Life, Cancellation)).Select(n => n.Name));
    }

    [Fact]
    public async Task What_a_node_is_and_cannot_do_is_told()
    {
        var node = new Node("home/1") { Version = "1.2", Labels = ["nas", "attic"] };
        await Store.Nodes.BeatAsync(node, 2, [new(7)], Cancellation);
        var seen = Assert.Single(await Store.Nodes.ListAsync(Life, Cancellation));
        Assert.Equal(("home/1", "1.2"), (seen.Name, seen.Version));
        Assert.Equal(["nas", "attic"], seen.Labels);
        Assert.Equal([new LibraryId(7)], seen.Unable);
        await Store.Nodes.BeatAsync(node, 2, [], Cancellation);
        Assert.Empty(Assert.Single(await Store.Nodes.ListAsync(Life, Cancellation)).Unable);
    }

    [Fact]
    public async Task A_worker_without_a_lease_is_idle()
    {
        await Story.PlanOneBatchAsync(2);
        await Store.Nodes.BeatAsync(new("a"), 1, [], Cancellation);
        Assert.True(Assert.Single(await Store.Nodes.ListAsync(Life, Cancellation)).HasIdleWorker);
        await Story.MustLeaseAsync("a");
        Assert.False(Assert.Single(await Store.Nodes.ListAsync(Life, Cancellation)).HasIdleWorker);
        await Store.Nodes.BeatAsync(new("a"), 3, [], Cancellation);
        Assert.True(Assert.Single(await Store.Nodes.ListAsync(Life, Cancellation)).HasIdleWorker);
    }
}
