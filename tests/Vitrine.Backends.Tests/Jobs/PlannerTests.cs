using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Jobs;

public sealed class PlannerTests : StoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();

    [Fact]
    public async Task A_planner_that_died_with_its_lock_holds_up_its_job_for_seconds_only()
    {
        var library = await Story.AddLibraryAsync();
        var derive = await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(3)));
        await Store.Jobs.ControlAsync(derive.Id, new JobCommand.Cancel(), Cancellation);
        var job = (await Store.Jobs.AddAsync(new(Handler.Derive, derive.Scope), Cancellation))!;

        var dying = new DyingLocks(Store.Locks);
        await RunAsync("former", dying, dying.Died);
        Store.Time.Advance(TimeSpan.FromSeconds(10));
        await RunAsync("next", Store.Locks, PlannedAsync(job));

        Assert.Equal(3, (await Story.JobAsync(job)).Total);
    }

    private async Task RunAsync(string node, ILockStore locks, Task until)
    {
        using var signals = new Signals();
        using var planner = new Planner(
            Store.Jobs, Store.Batches, Store.Catalog, locks, new(new(node), signals, Store.Time, NullLogger<Planner>.Instance));
        await planner.StartAsync(Cancellation);
        await until.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        await planner.StopAsync(Cancellation);
    }

    private async Task PlannedAsync(Job job)
    {
        while (!(await Story.JobAsync(job)).Planned) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation);
    }

    /// <summary>The process dies as soon as it has a lock.</summary>
    private sealed class DyingLocks(ILockStore locks) : ILockStore
    {
        private readonly TaskCompletionSource _died = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Died => _died.Task;

        public async Task<LockGrant?> AcquireAsync(string name, string owner, TimeSpan duration, CancellationToken cancellation)
        {
            await locks.AcquireAsync(name, owner, duration, cancellation);
            _died.TrySetResult();
            throw new IOException("dead");
        }

        public Task<IReadOnlySet<string>> RenewAsync(string owner, TimeSpan duration, CancellationToken cancellation) => throw new NotSupportedException();

        public Task ReleaseAsync(LockGrant grant, CancellationToken cancellation) => throw new NotSupportedException();

        public Task FreeAsync(string ownerPrefix, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
