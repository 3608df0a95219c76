using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Jobs;

public sealed class NodeBeatTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Else a job that is added right after would be said to wait for workers that are gone.</summary>
    [Fact]
    public async Task A_node_that_stops_has_no_workers_any_more()
    {
        await using var store = await SqliteStore.OpenAsync();
        using var reach = new Reach();
        using var live = new LiveOptions(new() { Workers = 3 });
        using var beat = new NodeBeat(store.Nodes, new("node"), reach, live, new(store.Time, NullLogger<NodeBeat>.Instance));
        await beat.StartAsync(Cancellation);
        while (await WorkersAsync() != 3) await Task.Yield();
        await beat.StopAsync(Cancellation);
        Assert.Equal(0, await WorkersAsync());

        async Task<int> WorkersAsync() => (await store.Nodes.ListAsync(TimeSpan.FromMinutes(1), Cancellation)).Sum(node => node.Workers);
    }
}
