using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Jobs;

public sealed class RevisitsTests : StoreSpec
{
    private readonly Signals _signals = new();

    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _signals.Dispose();
    }

    [Fact]
    public async Task What_is_noted_while_a_scan_waits_for_its_window_is_one_scan_afterwards()
    {
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("a").With("b").With("c"));
        using var revisits = new Revisits(Store.Libraries, Store.Jobs, _signals, Store.Time, NullLogger<Revisits>.Instance);
        await revisits.StartAsync(Cancellation);
        await NoteAsync(library, "a");
        var waiting = await UntilScansAsync(2);
        await Store.Jobs.ControlAsync(waiting.Id, new JobCommand.Hold(Holds.Window), Cancellation);
        foreach (var place in new[] { "b", "c" })
        {
            await NoteAsync(library, place);
            Store.Time.Advance(TimeSpan.FromSeconds(5));
        }
        // Another library's note shows that the looks are over that took the first ones up.
        await NoteAsync(await Story.AddLibraryAsync("other"), "");
        await UntilScansAsync(3);
        Assert.Equal(2, (await ScansAsync()).Count(scan => scan.Scope.Library == library.Id));

        await Store.Jobs.ControlAsync(waiting.Id, new JobCommand.Lift(Holds.Window), Cancellation);
        var rest = await UntilScansAsync(4);
        Assert.Equal(3, rest.Scope.Collections!.Count);
        await revisits.StopAsync(Cancellation);
    }

    private Task<int> NoteAsync(Library library, string place) =>
        Store.Watching.NoteAsync(library.Id, [place.Length == 0 ? SourcePath.Root : SourcePath.Root.Append(RawName.FromText(place))], Cancellation);

    private async Task<IReadOnlyList<Job>> ScansAsync() => (await Store.Jobs.ListAsync(new(Handler.Scan), Cancellation)).Items;

    /// <summary>The newest, once there are so many.</summary>
    private async Task<Job> UntilScansAsync(int count)
    {
        for (var looks = 0; ; looks++)
        {
            if (await ScansAsync() is var scans && scans.Count >= count) return scans[0];
            Assert.True(looks < 500, $"There are {scans.Count} scans.");
            Store.Time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancellation);
        }
    }
}
