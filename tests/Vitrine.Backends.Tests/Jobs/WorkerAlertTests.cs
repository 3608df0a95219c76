using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core.Alerts;
using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Jobs;

public sealed class WorkerAlertTests : StoreSpec
{
    private const string Raised = "raised";
    private const string Cleared = "cleared";

    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();

    [Fact]
    public async Task It_is_raised_at_the_second_look_and_cleared_by_a_worker()
    {
        await Story.PlanOneBatchAsync(1);
        await Store.Nodes.BeatAsync(new("serves"), 0, [], Cancellation);
        using var node = new Looks(Store);
        Assert.Null(await node.LookAsync());
        Assert.Equal(Raised, await node.LookAsync());
        Assert.Equal(Raised, await node.LookAsync());
        await Store.Nodes.BeatAsync(new("works"), 2, [], Cancellation);
        Assert.Equal(Cleared, await node.LookAsync());
        // The node is gone: nobody has seen it for more than two lease times.
        Store.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(Cleared, await node.LookAsync());
        Assert.Equal(Raised, await node.LookAsync());
    }

    [Fact]
    public async Task A_job_that_is_held_waits_for_something_else()
    {
        var job = await Story.PlanOneBatchAsync(1);
        await Store.Jobs.ControlAsync(job.Id, new JobCommand.Hold(Holds.User), Cancellation);
        using var node = new Looks(Store);
        for (var look = 0; look < 3; look++) Assert.Null(await node.LookAsync());
        await Store.Jobs.ControlAsync(job.Id, new JobCommand.Lift(Holds.User), Cancellation);
        Assert.Null(await node.LookAsync());
        Assert.Equal(Raised, await node.LookAsync());
    }

    [Fact]
    public async Task A_library_that_none_of_the_nodes_with_workers_may_work_on_has_one_of_its_own()
    {
        var job = await Story.PlanOneBatchAsync(1);
        await Story.AddLibraryAsync("two");
        await Store.Nodes.BeatAsync(new("works"), 2, [job.Scope.Library], Cancellation);
        using var node = new Looks(Store);
        Assert.Null(await node.LookAsync());
        Assert.Equal(Raised, await node.LookAsync());
        var alert = Assert.Single((await Store.Alerts.ListAsync(Grants.All, open: true, null, 10, Cancellation)).Items);
        Assert.Equal((job.Scope.Library, $"library/{job.Scope.Library}"), (alert.Library, alert.Subject));
        await Store.Nodes.BeatAsync(new("fits"), 1, [], Cancellation);
        Assert.Equal(Cleared, await node.LookAsync());
    }

    /// <summary>The service, one look at a time, without its loop.</summary>
    private sealed class Looks(Store store) : IDisposable
    {
        private readonly WorkerAlert _service = new(
            store.Alerts, new(store.Jobs, store.Nodes, store.Libraries), new EngineOptions(), new(store.Time, NullLogger<WorkerAlert>.Instance));

        /// <summary>One look. Answers what became of the alert: null where there is none.</summary>
        public async Task<string?> LookAsync()
        {
            await _service.RunOnceAsync(Cancellation);
            var alert = (await store.Alerts.ListAsync(Grants.All, false, null, 10, Cancellation)).Items.SingleOrDefault(a => a.Code == AlertCode.NoWorkers);
            return alert is null ? null : alert.ClearedAt is null ? Raised : Cleared;
        }

        public void Dispose() => _service.Dispose();
    }
}
