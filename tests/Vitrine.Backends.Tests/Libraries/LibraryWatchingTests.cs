using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Libraries.Watching;

namespace Vitrine.Backends.Tests.Libraries;

/// <summary>Watches begin and end with the setting, and one that fails takes nothing with it.</summary>
public sealed class LibraryWatchingTests : StoreSpec, IRootProbe, IWatchStore
{
    private static readonly MountIdentity Disk = new("disk", "ext4");

    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-watching-").FullName;
    private readonly Reach _reach = new();
    private LibraryId? _broken;

    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _reach.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    RootState IRootProbe.Probe(string root) => new(true, false, Disk);

    Task<Page<WatchedContainer>> IWatchStore.ContainersAsync(LibraryId library, string? after, int limit, CancellationToken cancellation) => library == _broken
        ? throw new InvalidOperationException("This cannot be read.")
        : Store.Watching.ContainersAsync(library, after, limit, cancellation);

    Task<IReadOnlyList<CollectionId>> IWatchStore.ToRevisitAsync(LibraryId library, DateTimeOffset dueBy, int limit, CancellationToken cancellation) =>
        Store.Watching.ToRevisitAsync(library, dueBy, limit, cancellation);

    Task<int> IWatchStore.NoteAsync(LibraryId library, IReadOnlyCollection<SourcePath> places, CancellationToken cancellation) =>
        Store.Watching.NoteAsync(library, places, cancellation);

    [Fact]
    public async Task A_watch_that_fails_goes_on_by_times_and_the_others_as_they_were()
    {
        var (bad, good, off) = (await AddAsync("bad", watch: true), await AddAsync("good", watch: true), await AddAsync("off", watch: false));
        _broken = bad.Id;
        using var watching = Open();
        await watching.StartAsync(Cancellation);
        await UntilAsync(() => watching.StateOf(bad.Id) == new WatchState(WatchWay.Times, WatchState.Error));
        await UntilAsync(() => watching.StateOf(good.Id) == new WatchState(WatchWay.Names, null));
        Assert.Null(watching.StateOf(off.Id));

        await File.WriteAllTextAsync(Path.Combine(good.Root, "1.jpg"), "x", Cancellation);
        await UntilAsync(async () => (await Store.Watching.ToRevisitAsync(good.Id, Store.Time.GetUtcNow(), 10, Cancellation)).Count == 1);
        await watching.StopAsync(Cancellation);
        Assert.Null(watching.StateOf(good.Id));
    }

    [Fact]
    public async Task Of_two_nodes_one_watches_and_the_other_when_that_one_ends()
    {
        var library = await AddAsync("one", watch: true);
        using var first = Open("first");
        using var second = Open("second");
        await first.StartAsync(Cancellation);
        await UntilAsync(() => first.StateOf(library.Id) is not null);
        await second.RunOnceAsync(Cancellation);
        Assert.Null(second.StateOf(library.Id));
        await first.StopAsync(Cancellation);
        await second.StartAsync(Cancellation);
        await UntilAsync(() => second.StateOf(library.Id) is not null);
        await second.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Watching_follows_the_setting()
    {
        var library = await AddAsync("one", watch: false);
        using var watching = Open();
        await watching.StartAsync(Cancellation);
        await SetAsync(library, watch: true);
        await UntilAsync(() => watching.StateOf(library.Id)?.Way == WatchWay.Names);
        await SetAsync(library, watch: false);
        await UntilAsync(() => watching.StateOf(library.Id) is null);
        await watching.StopAsync(Cancellation);
    }

    private LibraryWatching Open(string node = "node") => new(
        Store.Libraries, new(this, new NodeRoots(this, RootMap.Same), Store.Time, NullLogger<LibraryWatch>.Instance), _reach,
        new(Store.Locks, new(), new(new(node), Store.Time, NullLogger<Duty>.Instance)), NullLogger<LibraryWatching>.Instance);

    private async Task<Library> AddAsync(string name, bool watch)
    {
        var root = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        return (await Store.Libraries.AddAsync(new(name, root, new(["thumbnail"], [], Watch: watch), Disk), Cancellation))!;
    }

    private Task<bool> SetAsync(Library library, bool watch) =>
        Store.Libraries.UpdateAsync(library.Id, new(library.Name, library.Root, library.Settings with { Watch = watch }, library.Mount), Cancellation);

    private Task UntilAsync(Func<bool> happened) => UntilAsync(() => Task.FromResult(happened()));

    private async Task UntilAsync(Func<Task<bool>> happened)
    {
        for (var looks = 0; !await happened(); looks++)
        {
            Assert.True(looks < 2000, "It did not happen.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancellation);
            Store.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
