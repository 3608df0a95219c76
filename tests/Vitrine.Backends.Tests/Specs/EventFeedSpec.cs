using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Specs;

public abstract class EventFeedSpec : StoreSpec
{
    [Fact]
    public async Task The_present_state_comes_first_and_then_each_change()
    {
        var library = await Story.AddLibraryAsync();
        var scan = await Story.StartScanAsync(library);
        await using var changes = Store.Events.ChangesAsync(0, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await changes.MoveNextAsync());
        Assert.Equal(2, changes.Current.Count);
        var after = changes.Current.Max(j => j.Version);

        // The signal comes with the commit: the clock stands still.
        var next = changes.MoveNextAsync();
        await Store.Jobs.ControlAsync(scan.Id, new JobCommand.Hold(Holds.User), Cancellation);
        Assert.True(await next);
        var held = Assert.Single(changes.Current);
        Assert.Equal((scan.Id, Holds.User), (held.Id, held.Holds));
        Assert.True(held.Version > after);

        await using var later = Store.Events.ChangesAsync(after, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await later.MoveNextAsync());
        Assert.Equal([held.Version], later.Current.Select(j => j.Version));
    }

    [Fact]
    public async Task It_ends_by_cancellation()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var changes = Store.Events.ChangesAsync(0, stop.Token).GetAsyncEnumerator(Cancellation);
        var next = changes.MoveNextAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }
}
