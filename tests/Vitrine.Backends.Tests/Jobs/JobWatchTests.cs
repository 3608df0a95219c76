using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Jobs;

/// <summary>A pause or a cancel, asked for anywhere, reaches the work of this node.</summary>
public sealed class JobWatchTests : StoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_work_of_a_job_that_is_held_or_over_is_asked_to_stop(bool cancel)
    {
        var job = await Story.PlanOneBatchAsync(3);
        using var keeper = new LeaseKeeper(Store.Batches, new("node"), new(), Store.Time, NullLogger<LeaseKeeper>.Instance);
        using var held = keeper.Hold(await Story.MustLeaseAsync(), Cancellation);
        using var watch = new JobWatch(Store.Events, keeper, Store.Time, NullLogger<JobWatch>.Instance);
        await watch.StartAsync(Cancellation);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = held.Stop.Register(stopped.SetResult);

        await Store.Jobs.ControlAsync(job.Id, cancel ? new JobCommand.Cancel() : new JobCommand.Hold(Holds.User), Cancellation);

        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        Assert.False(held.Lost.IsCancellationRequested);
        await watch.StopAsync(Cancellation);
    }
}
