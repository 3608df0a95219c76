using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core;
using Vitrine.Core.Decoding;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Jobs;

/// <summary>Whatever a handler leaves, its batch is nobody's afterwards.</summary>
public sealed class LeaseRunnerTests : StoreSpec, IBatchHandler
{
    private Func<Lease, Task> _work = _ => Task.CompletedTask;

    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();

    Task IBatchHandler.RunAsync(HeldLease held, DecoderLane lane) => _work(held.Lease);

    [Fact]
    public async Task A_batch_of_a_job_that_was_cancelled_meanwhile_is_no_lease_any_more()
    {
        var folder = await Story.AddFolderAsync();
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(3)));
        var lease = await Story.MustLeaseAsync();
        Assert.True(await Store.CacheFolders.ReserveAsync(lease.Token, folder.Id, 1000, Cancellation));
        _work = async running =>
        {
            await Store.Jobs.ControlAsync(lease.Job!.Value, new JobCommand.Cancel(), Cancellation);
            var answer = await Story.CommitAsync(running, Story.Done(running, running.Items[0], folder));
            Assert.Equal(CommitState.Fenced, answer.State);
        };
        await RunAsync(lease);
        Assert.Empty(await Store.Batches.LeasesAsync(Cancellation));
        Assert.Equal(0, (await Store.CacheFolders.ListAsync(Cancellation)).Single().ReservedBytes);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_handler_that_throws_gives_its_batch_back_for_later()
    {
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(1)));
        var lease = await Story.MustLeaseAsync();
        _work = _ => throw new InvalidDataException("as a test");
        await Assert.ThrowsAsync<InvalidDataException>(() => RunAsync(lease));
        Assert.Null(await Story.LeaseAsync());
        Store.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(lease.Batch, (await Story.MustLeaseAsync()).Batch);
    }

    private async Task RunAsync(Lease lease)
    {
        using var telemetry = new Telemetry();
        using var keeper = new LeaseKeeper(Store.Batches, new("node"), new(), Store.Time, NullLogger<LeaseKeeper>.Instance);
        await new LeaseRunner(Store.Batches, keeper, new(this, this), telemetry, Store.Time).RunAsync(lease, DecoderLane.Work, Cancellation);
    }
}
