using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Files;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Jobs;

public sealed class RevisitsTests : StoreSpec, IRootProbe
{
    private const string Offline = "/pictures/offline";

    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();

    RootState IRootProbe.Probe(string root) => root == Offline ? new(false, true, null) : new(true, false, new("disk", "ext4"));

    [Fact]
    public async Task A_library_that_is_offline_keeps_its_notes_and_no_other_from_its_turn()
    {
        var offline = await NoteAsync("offline", collections: 1001);
        var online = await NoteAsync("online", collections: 2);

        await RunAsync(async () => (await Store.Watching.ToRevisitAsync(online.Id, Store.Time.GetUtcNow(), 10, Cancellation)).Count == 0);

        var scan = Assert.Single((await Store.Jobs.ListAsync(new(Handler.Scan, Open: true), Cancellation)).Items);
        Assert.Equal((online.Id, 2), (scan.Scope.Library, scan.Scope.Collections!.Count));
        Assert.Equal(1001, (await Store.Watching.ToRevisitAsync(offline.Id, Store.Time.GetUtcNow(), 2000, Cancellation)).Count);
    }

    [Fact]
    public async Task What_is_noted_while_a_scan_waits_for_its_window_is_one_scan_afterwards()
    {
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("a").With("b").With("c"));
        var waiting = (await Store.Jobs.AddAsync(new(Handler.Scan, new(library.Id, ["thumbnail"])), Cancellation))!;
        await Store.Jobs.ControlAsync(waiting.Id, new JobCommand.Hold(Holds.Window), Cancellation);
        await Store.Watching.NoteAsync(library.Id, [.. new[] { "a", "b", "c" }.Select(name => SourcePath.Root.Append(RawName.FromText(name)))], Cancellation);
        // Libraries have their turn by name: when the other's notes are taken up, the first was looked at.
        var other = await NoteAsync("other", collections: 1);
        await RunAsync(async () => (await Store.Watching.ToRevisitAsync(other.Id, Store.Time.GetUtcNow(), 10, Cancellation)).Count == 0);
        Assert.Equal(waiting.Id, Assert.Single(await OpenScansAsync(library)).Id);

        await Store.Jobs.ControlAsync(waiting.Id, new JobCommand.Lift(Holds.Window), Cancellation);
        await RunAsync(async () => (await OpenScansAsync(library)).Count == 2);
        Assert.Equal(3, (await OpenScansAsync(library))[0].Scope.Collections!.Count);
    }

    private async Task<IReadOnlyList<Job>> OpenScansAsync(Library library) =>
        (await Store.Jobs.ListAsync(new(Handler.Scan, Open: true, Libraries: [library.Id]), Cancellation)).Items;

    /// <summary>A library whose collections have all been left for another look.</summary>
    private async Task<Library> NoteAsync(string name, int collections)
    {
        var library = await Story.AddLibraryAsync(name);
        await Story.StartScanAsync(library);
        var tree = new Tree();
        for (var number = 1; number < collections; number++) tree.With($"{number}");
        while (await Story.LeaseAsync() is { } lease)
        {
            await Store.Libraries.ApplyAsync(lease, Story.Step(lease, tree) with { Reason = Reason.NotSettled }, Cancellation);
            await Story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, Outcome.Skipped, Reason.NotSettled));
        }
        return library;
    }

    private async Task RunAsync(Func<Task<bool>> until)
    {
        using var signals = new Signals();
        using var options = new LiveOptions(new());
        using var reach = new Reach();
        using var revisits = new Revisits(
            Store.Libraries, Store.Watching, Store.Jobs, new(this, reach, new FileDerivativeStore(), options, signals, Store.Time), NullLogger<Revisits>.Instance);
        await revisits.StartAsync(Cancellation);
        for (var looks = 0; !await until(); looks++)
        {
            Assert.True(looks < 200, "The scan was not started.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation);
        }
        await revisits.StopAsync(Cancellation);
    }
}
