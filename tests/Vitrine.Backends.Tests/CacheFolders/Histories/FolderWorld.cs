using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Files;
using Vitrine.Backends.Tests.Simulation;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.CacheFolders.Histories;

/// <summary>What one history happens to: a store, a cache folder and originals on a real disk, and the process that works on them, which may crash.</summary>
internal sealed class FolderWorld : IAsyncDisposable
{
    /// <summary>Most of what there is fits into the first, and little of it into the second.</summary>
    private static readonly long[] Limits = [40_000, 9_000];
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-history-").FullName;
    private readonly FolderPlant _plant;
    private readonly Dictionary<FolderId, string> _paths = [];
    private FolderStates? _states;

    private FolderWorld(long seed, FolderPlant plant, Store store)
    {
        // Far apart: the streams of neighbouring seeds are each other's, a step later.
        (Chance, _plant, Store, Story) = (new(seed * 1_000_003), plant, store, new(store));
        Disk = new(store.Time);
        Originals = Path.Combine(_root, "originals");
    }

    public Chance Chance { get; }
    public Store Store { get; }
    public Story Story { get; }
    public HistoryDisk Disk { get; }
    public string Originals { get; }
    public Sources Sources { get; } = new();
    public Library Library { get; private set; } = null!;
    public IReadOnlyList<FolderId> Folders => [.. _paths.Keys.OrderBy(folder => folder.Value)];
    public FolderId AnyFolder => Chance.Of(Folders);

    /// <summary>Blobs whose files somebody else deleted or spoilt: the store is not to blame for those until they are repaired.</summary>
    public HashSet<string> Spoilt { get; } = [];

    /// <summary>Collections that nothing may be evicted of.</summary>
    public HashSet<CollectionId> Pinned { get; } = [];

    /// <summary>How often each thing came about.</summary>
    public Dictionary<string, int> Reached { get; } = [];

    /// <summary>Work that somebody waited for.</summary>
    public List<BatchId> Demanded { get; } = [];

    /// <summary>What a worker has published and not committed.</summary>
    public (Lease Lease, WrittenGroup Group)? InFlight { get; set; }

    public HistoryFiles Files { get; private set; } = null!;
    public GroupWriter Writer { get; private set; } = null!;
    public HistoryPlaces Places { get; private set; } = null!;
    public Evictor Evictor { get; private set; } = null!;
    public Drainer Drainer { get; private set; } = null!;
    public CleanUp CleanUp { get; private set; } = null!;
    public Reconciler Reconciler { get; private set; } = null!;
    public VerifyRun Verify { get; private set; } = null!;

    public static async Task<FolderWorld> OpenAsync(long seed, FolderPlant plant)
    {
        var world = new FolderWorld(seed, plant, await SqliteStore.OpenAsync());
        Directory.CreateDirectory(world.Originals);
        for (var i = 0; i < 3; i++) await File.WriteAllTextAsync(Path.Combine(world.Originals, $"{i}.jpg"), $"original {i}");
        for (var i = 0; i < Limits.Length; i++) await world.AddFolderAsync(i);
        world.Library = await world.Story.AddLibraryAsync("one", "thumbnail", "display");
        world.Start();
        return world;
    }

    /// <summary>A process begins, with nothing in its memory.</summary>
    public void Start()
    {
        End();
        Files = new(Disk);
        _states = new(Store.CacheFolders, Files, Store.Time);
        Places = new(Store.Places, Files, Disk);
        var (blobs, removal, places) = (FolderPlants.Into(_plant, Store.Blobs), FolderPlants.Into(_plant, Store.Removal, this), FolderPlants.Into(_plant, Places, this));
        var repair = new BlobRepair(removal, Files, Store.Jobs, NullLogger<BlobRepair>.Instance);
        Evictor = new(Store.CacheFolders, _states, places, Files, new(new(), Store.Time, NullLogger<Evictor>.Instance));
        Drainer = new(Store.CacheFolders, _states, places, Files, new(Store.Locks, Store.Alerts, repair, new("node"), Store.Time, NullLogger<Drainer>.Instance));
        Writer = new(new(Store.CacheFolders, _states, Evictor), Files, NullLogger<GroupWriter>.Instance);
        var cleaning = new CleanUpSettings(new Aged(Files, Disk), FolderPlants.Into(_plant, new FolderListing()), Store.Time, NullLogger<CleanUp>.Instance);
        CleanUp = new(Store.CacheFolders, blobs, removal, Store.Batches, cleaning);
        Reconciler = new(Store.CacheFolders, Store.Blobs, removal, repair, cleaning);
        Verify = new(new(Store.Ledger, Store.CacheFolders, Store.Blobs, Store.Batches, Files), repair, removal, Store.Settings, Store.Time);
    }

    /// <summary>A new owner: the leases of the dead process are free, and what they left goes.</summary>
    public async Task RecoverAsync()
    {
        InFlight = null;
        Start();
        var takeOver = new TakeOver(
            Store.Batches, Store.Locks, new(Store.CacheFolders, Store.Blobs, Files, Store.Batches), new(new("node"), new(), NullLogger<TakeOver>.Instance));
        await takeOver.StartAsync(CancellationToken.None);
    }

    public async Task<IReadOnlyList<BlobRow>> RowsAsync() => (await Store.Blobs.BlobsAsync(null, 10_000, CancellationToken.None)).Items;

    public async Task<IReadOnlyList<CacheFolder>> ListAsync() => await Store.CacheFolders.ListAsync(CancellationToken.None);

    public void Reach(string what, int count = 1) => Reached[what] = Reached.GetValueOrDefault(what) + count;

    public string PathOf(FolderId folder) => _paths[folder];

    /// <summary>Files in the folder that are not ours.</summary>
    public IEnumerable<string> Foreign(FolderId folder) => ForeignIn(PathOf(folder));

    /// <summary>What a fault does that deletes files of rows.</summary>
    public async Task DeleteFilesAsync(FolderId folder, IReadOnlyCollection<BlobId> blobs)
    {
        foreach (var row in (await RowsAsync()).Where(row => row.Folder == folder && blobs.Contains(row.Id))) Files.Delete(PathOf(folder), row.Name);
    }

    public async Task DrainAsync(FolderId id, bool draining)
    {
        var folder = (await ListAsync()).Single(known => known.Id == id);
        await Store.CacheFolders.UpdateAsync(
            id, new(folder.Path, folder.Marker, folder.Priority, folder.LimitBytes, folder.FloorBytes, folder.Presets, Draining: draining), folder.Active, CancellationToken.None);
        // As the service does, so that this process places nothing by what it knew.
        _states?.Refresh();
    }

    public async ValueTask DisposeAsync()
    {
        End();
        await Store.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    private static IEnumerable<string> ForeignIn(string path) => [Path.Combine(path, "letter.txt"), Path.Combine(path, "ab", "cd", "holiday.webp")];

    private async Task AddFolderAsync(int number)
    {
        var path = Path.Combine(_root, $"cache{number}");
        var marker = Guid.Parse($"6f0c1b52-8d1e-4a52-9a0e-00000000000{number}");
        new FileDerivativeStore().Create(path, marker);
        Directory.CreateDirectory(Path.Combine(path, "ab", "cd"));
        foreach (var foreign in ForeignIn(path)) await File.WriteAllTextAsync(foreign, "somebody else's");
        Directory.CreateSymbolicLink(Path.Combine(path, "ef"), Originals);
        _paths[(await Store.CacheFolders.AddAsync(new(path, marker, 0, Limits[number], 0, []), CancellationToken.None))!.Id] = path;
    }

    private void End()
    {
        _states?.Dispose();
        Evictor?.Dispose();
        Drainer?.Dispose();
    }
}

/// <summary>The originals as a scan finds them. A picture's size stands for its content, so that copies and moves are the same picture.</summary>
internal sealed class Sources
{
    private const int Contents = 12;
    private readonly SortedDictionary<string, Dictionary<string, Picture>> _collections = new(StringComparer.Ordinal);
    private int _names;

    public Tree Tree => _collections.Aggregate(new Tree(), (tree, collection) => tree.With(collection.Key, [.. collection.Value.Values]));

    public string Change(Chance chance)
    {
        var kind = chance.Next(_collections.Count < 2 ? 2 : 7);
        if (kind == 0) return AddCollection(chance);
        if (_collections.Count == 0) return AddCollection(chance);
        var (path, pictures) = _collections.ElementAt(chance.Next(_collections.Count));
        switch (kind)
        {
            case 1 or 2:
                Add(pictures, chance);
                return $"a picture appears in {path}";
            case 3 when pictures.Count > 0:
                var changed = pictures.Keys.ElementAt(chance.Next(pictures.Count));
                pictures[changed] = pictures[changed] with { Stamp = pictures[changed].Stamp + 1, Size = Content(chance) };
                return $"{path}/{changed} is another picture";
            case 4 when pictures.Count > 0:
                var gone = pictures.Keys.ElementAt(chance.Next(pictures.Count));
                pictures.Remove(gone);
                return $"{path}/{gone} is deleted";
            case 5:
                _collections.Remove(path);
                _collections[$"moved{++_names}"] = pictures;
                return $"{path} is moved to moved{_names}";
            default:
                _collections.Remove(path);
                return $"{path} is deleted";
        }
    }

    private string AddCollection(Chance chance)
    {
        var pictures = new Dictionary<string, Picture>();
        for (var i = chance.Between(1, 4); i > 0; i--) Add(pictures, chance);
        _collections[$"c{++_names}"] = pictures;
        return $"c{_names} appears with {pictures.Count}";
    }

    private void Add(Dictionary<string, Picture> pictures, Chance chance)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{++_names:D4}.jpg");
        pictures[name] = new(name, 1, Content(chance));
    }

    private static long Content(Chance chance) => 1000 + chance.Next(Contents);
}
