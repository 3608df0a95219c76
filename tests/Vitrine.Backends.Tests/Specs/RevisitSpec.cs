using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>Notes for another look: when they are due.</summary>
public abstract class RevisitSpec : StoreSpec
{
    /// <summary>A file that is written to for a day: what it costs.</summary>
    [Fact]
    public async Task What_never_settles_is_looked_at_ever_more_seldom()
    {
        var library = await Story.AddLibraryAsync();
        await LookAsync(await Story.StartScanAsync(library));
        var pauses = new List<int>();
        for (var look = 0; look < 10; look++)
        {
            var minutes = 0;
            for (; (await DueAsync(library)).Count == 0; minutes++) Store.Time.Advance(TimeSpan.FromMinutes(1));
            pauses.Add(minutes);
            await LookAsync(await AddAsync(library, await DueAsync(library)));
        }
        Assert.Equal([0, 1, 2, 4, 8, 16, 32, 60, 60, 60], pauses);
    }

    [Fact]
    public async Task What_changes_again_much_later_is_looked_at_at_once()
    {
        var library = await Story.AddLibraryAsync();
        for (var notes = 0; notes < 4; notes++) await LookAsync(await Story.StartScanAsync(library));
        Assert.Empty(await DueAsync(library));
        await Story.ScanAsync(library, new Tree());

        Store.Time.Advance(RevisitPause.Longest * 2);
        await LookAsync(await Story.StartScanAsync(library));

        Assert.Single(await DueAsync(library));
    }

    [Fact]
    public async Task A_collection_that_a_scan_was_added_for_is_not_due_meanwhile()
    {
        var library = await Story.AddLibraryAsync();
        await LookAsync(await Story.StartScanAsync(library));
        var due = await DueAsync(library);
        var scan = await AddAsync(library, due);
        Assert.Empty(await DueAsync(library));
        await Store.Jobs.ControlAsync(scan.Id, new JobCommand.Cancel(), Cancellation);

        Store.Time.Advance(RevisitPause.Longest);
        Assert.Equal(due, await DueAsync(library));
    }

    private async Task<Job> AddAsync(Library library, IReadOnlyList<CollectionId> collections) =>
        (await Store.Jobs.AddAsync(new(Handler.Scan, new(library.Id, library.Settings.Presets, collections)), Cancellation))!;

    private Task<IReadOnlyList<CollectionId>> DueAsync(Library library) => Store.Watching.ToRevisitAsync(library.Id, Store.Time.GetUtcNow(), 10, Cancellation);

    /// <summary>The scan finds a file that is still being written.</summary>
    private async Task LookAsync(Job scan)
    {
        var lease = await Story.MustLeaseAsync();
        Assert.Equal(scan.Id, lease.Job);
        await Store.Libraries.ApplyAsync(lease, new(lease.Collection, [], [], true, Last: true, Reason: Reason.NotSettled), Cancellation);
        await Story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, Outcome.Skipped, Reason.NotSettled));
    }
}
