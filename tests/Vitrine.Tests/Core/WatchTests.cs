using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Vitrine.Core;
using Vitrine.Core.Libraries;
using Vitrine.Core.Libraries.Watching;

namespace Vitrine.Tests.Core;

/// <summary>Watching a real folder, over a store that remembers what was noted.</summary>
public sealed class WatchTests : IWatchStore, IRootProbe, IDisposable
{
    private static readonly MountIdentity Disk = new("disk", "ext4");
    private static readonly MountIdentity Share = new("nas:/export", "nfs4");

    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-watch-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly List<WatchedContainer> _recorded = [];
    private readonly CancellationTokenSource _end = new();
    private readonly HashSet<string> _noted = [];
    private MountIdentity? _mounted = Disk;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _end.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    Task<Page<WatchedContainer>> IWatchStore.ContainersAsync(LibraryId library, string? after, int limit, CancellationToken cancellation) =>
        Task.FromResult(new Page<WatchedContainer>(_recorded, null));

    Task<int> IWatchStore.NoteAsync(LibraryId library, IReadOnlyCollection<SourcePath> places, CancellationToken cancellation)
    {
        lock (_noted) _noted.UnionWith(places.Select(place => place.Text));
        return Task.FromResult(places.Count);
    }

    Task<IReadOnlyList<CollectionId>> IWatchStore.ToRevisitAsync(LibraryId library, DateTimeOffset dueBy, int limit, CancellationToken cancellation) =>
        throw new NotSupportedException();

    RootState IRootProbe.Probe(string root) => new(_mounted is not null, _mounted is null, _mounted);

    [Fact]
    public async Task A_name_that_changes_is_noted_by_its_directory()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, "a", "b")).FullName;
        await WatchAsync(Library(Disk), async watch =>
        {
            await UntilAsync(() => watch.State == new WatchState(WatchWay.Names, null));
            await File.WriteAllTextAsync(Path.Combine(folder, "1.jpg"), "x", Cancellation);
            await UntilNotedAsync("a/b");
            Directory.CreateDirectory(Path.Combine(_root, "a", "new"));
            await UntilNotedAsync("a");
            File.Move(Path.Combine(folder, "1.jpg"), Path.Combine(_root, "a", "new", "2.jpg"));
            await UntilNotedAsync("a/new");
        });
        Assert.DoesNotContain("", _noted);
    }

    [Fact]
    public async Task What_changed_while_nobody_watched_is_found_at_the_start()
    {
        Record(Directory.CreateDirectory(Path.Combine(_root, "same")));
        Record(Directory.CreateDirectory(Path.Combine(_root, "changed")), sinceThen: 1);
        await WatchAsync(Library(Disk), _ => UntilNotedAsync("changed"));
        Assert.Equal(["changed"], _noted);
    }

    [Fact]
    public async Task A_network_file_system_is_watched_by_times()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, "a"));
        Record(folder);
        _mounted = Share;
        await WatchAsync(Library(Share), async watch =>
        {
            await UntilAsync(() => watch.State == new WatchState(WatchWay.Times, WatchState.Network));
            folder.LastWriteTimeUtc = folder.LastWriteTimeUtc.AddSeconds(1);
            await UntilNotedAsync("a");
        });
    }

    [Fact]
    public async Task Watching_ends_with_the_root_and_begins_again_when_it_is_back()
    {
        await WatchAsync(Library(Disk), async watch =>
        {
            await UntilAsync(() => watch.State.Way == WatchWay.Names);
            _mounted = null;
            await UntilAsync(() => watch.State == new WatchState(WatchWay.None, WatchState.Offline));
            _mounted = Disk;
            await UntilAsync(() => watch.State.Way == WatchWay.Names);
            await File.WriteAllTextAsync(Path.Combine(_root, "1.jpg"), "x", Cancellation);
            await UntilNotedAsync("");
        });
    }

    [Fact]
    public void The_way_follows_from_the_library_and_what_happened()
    {
        var library = Library(Disk);
        var many = library with { Counters = library.Counters with { Collections = WatchRule.MaxCollections + 1 } };
        Assert.Equal(new(WatchWay.Names, null), WatchRule.Choose(library, true, null));
        Assert.Equal(new(WatchWay.None, WatchState.Offline), WatchRule.Choose(library, false, WatchState.Limit));
        Assert.Equal(new(WatchWay.Times, WatchState.Limit), WatchRule.Choose(library, true, WatchState.Limit));
        Assert.Equal(new(WatchWay.Times, WatchState.Network), WatchRule.Choose(Library(Share), true, null));
        Assert.Equal(new(WatchWay.Times, WatchState.TooLarge), WatchRule.Choose(many, true, null));
    }

    [Fact]
    public async Task An_archive_is_looked_at_by_size_and_time()
    {
        var archive = Path.Combine(_root, "a.cbz");
        await File.WriteAllTextAsync(archive, "123", Cancellation);
        var version = new SourceVersion(3, Stamp(new FileInfo(archive)), 1);
        foreach (var (recorded, changed) in new[] { (version, 0), (version with { Size = 4 }, 1), (version with { Stamp = 1 }, 1), (version with { Inode = 2 }, 0) })
        {
            _recorded.Clear();
            _recorded.AddRange([new(ContainerKind.Zip, At("a.cbz"), recorded), new(ContainerKind.Zip, At("gone.cbz"), version), new(ContainerKind.Zip, At("new.cbz"), null)]);
            Assert.Equal(changed, await TimesLook.RunAsync(Library(Disk), this, Cancellation));
        }
    }

    [Fact]
    public void A_burst_is_one_note_of_its_outermost_places()
    {
        var changed = new ChangedPlaces(_time);
        for (var second = 0; second < 30; second++)
        {
            foreach (var name in new[] { "a/b/1.jpg", "a/2.jpg", "c/.hidden/3.jpg", "c/d/e/4.jpg" }) changed.AddName(name);
            Assert.Empty(changed.Take());
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        _time.Advance(ChangedPlaces.Quiet);
        Assert.Equal(["a", "c/d/e"], changed.Take().Select(place => place.Text).Order());
        Assert.Empty(changed.Take());
    }

    [Fact]
    public void Changes_without_an_end_are_noted_each_minute()
    {
        var changed = new ChangedPlaces(_time);
        var notes = 0;
        for (var second = 0; second < 600; second++)
        {
            changed.AddName("a/1.jpg");
            notes += changed.Take().Count;
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(9, notes);
    }

    [Fact]
    public void Too_many_places_are_the_whole_library()
    {
        var changed = new ChangedPlaces(_time);
        for (var place = 0; place < ChangedPlaces.MaxPlaces + 10; place++) changed.AddName($"{place}/1.jpg");
        changed.AddName("1.jpg");
        _time.Advance(ChangedPlaces.Quiet);
        Assert.Equal([SourcePath.Root], changed.Take());
    }

    private Library Library(MountIdentity mount) => new(
        new(1), "one", _root, new(["thumbnail"], [], Watch: true), mount, new(1, 1, 1, 0, 0, 0, new Dictionary<string, DerivativeCount>()), _time.GetUtcNow(), null);

    /// <param name="sinceThen">Seconds by which its time was another when it was recorded.</param>
    private void Record(DirectoryInfo directory, long sinceThen = 0) => _recorded.Add(
        new(ContainerKind.Directory, At(Path.GetRelativePath(_root, directory.FullName)), new(1, Stamp(directory) - (sinceThen * 1_000_000_000), 1)));

    private async Task WatchAsync(Library library, Func<LibraryWatch, Task> meanwhile)
    {
        var watch = new LibraryWatch(library, new(this, new NodeRoots(this, RootMap.Same), _time, NullLogger<LibraryWatch>.Instance));
        var work = watch.RunAsync(null, _end.Token);
        await meanwhile(watch);
        Assert.False(work.IsCompleted);
        await _end.CancelAsync();
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.False(work.IsFaulted);
    }

    private Task UntilNotedAsync(string place) => UntilAsync(() =>
    {
        lock (_noted) return _noted.Contains(place);
    });

    /// <summary>What the kernel tells comes in its own time; all that is waited for beside it passes a second with each look.</summary>
    private async Task UntilAsync(Func<bool> happened)
    {
        for (var looks = 0; !happened(); looks++)
        {
            Assert.True(looks < 2000, "It did not happen.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancellation);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private static SourcePath At(string path) => SourcePath.FromBytes(Encoding.UTF8.GetBytes(path));

    private static long Stamp(FileSystemInfo file) => (file.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks * 100;
}
