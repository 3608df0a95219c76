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
    private const long Limit = 60_000;
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-history-").FullName;
    private readonly FolderPlant _plant;
    private FolderStates? _states;

    private FolderWorld(long seed, FolderPlant plant, Store store)
    {
        // Far apart: the streams of neighbouring seeds are each other's, a step later.
        (Chance, _plant, Store, Story) = (new(seed * 1_000_003), plant, store, new(store));
        Disk = new(store.Time);
        (Originals, Cache) = (Path.Combine(_root, "originals"), Path.Combine(_root, "cache"));
    }

    public Chance Chance { get; }
    public Store Store { get; }
    public Story Story { get; }
    public HistoryDisk Disk { get; }
    public string Originals { get; }
    public string Cache { get; }
    public Sources Sources { get; } = new();
    public Library Library { get; private set; } = null!;
    public FolderId Folder { get; private set; }

    /// <summary>Blobs whose files somebody else deleted or spoilt: the store is not to blame for those until they are repaired.</summary>
    public HashSet<string> Spoilt { get; } = [];

    /// <summary>What a worker has published and not committed.</summary>
    public (Lease Lease, WrittenGroup Group)? InFlight { get; set; }

    public HistoryFiles Files { get; private set; } = null!;
    public GroupWriter Writer { get; private set; } = null!;
    public CleanUp CleanUp { get; private set; } = null!;
    public Reconciler Reconciler { get; private set; } = null!;
    public VerifyRun Verify { get; private set; } = null!;

    public static async Task<FolderWorld> OpenAsync(long seed, FolderPlant plant)
    {
        var world = new FolderWorld(seed, plant, await SqliteStore.OpenAsync());
        Directory.CreateDirectory(world.Originals);
        for (var i = 0; i < 3; i++) await File.WriteAllTextAsync(Path.Combine(world.Originals, $"{i}.jpg"), $"original {i}");
        var marker = Guid.Parse("6f0c1b52-8d1e-4a52-9a0e-00000000000a");
        new FileDerivativeStore().Create(world.Cache, marker);
        await File.WriteAllTextAsync(Path.Combine(world.Cache, "letter.txt"), "somebody else's");
        Directory.CreateDirectory(Path.Combine(world.Cache, "ab", "cd"));
        await File.WriteAllTextAsync(Path.Combine(world.Cache, "ab", "cd", "holiday.webp"), "somebody else's");
        Directory.CreateSymbolicLink(Path.Combine(world.Cache, "ef"), world.Originals);
        world.Folder = (await world.Store.CacheFolders.AddAsync(new(world.Cache, marker, 0, Limit, 0, []), CancellationToken.None))!.Id;
        world.Library = await world.Story.AddLibraryAsync("one", "thumbnail", "display");
        world.Start();
        return world;
    }

    /// <summary>A process begins, with nothing in its memory.</summary>
    public void Start()
    {
        _states?.Dispose();
        Files = new(Disk);
        _states = new(Store.CacheFolders, Files, Store.Time);
        Writer = new(new(Store.CacheFolders, _states), Files, NullLogger<GroupWriter>.Instance);
        var (blobs, removal) = (FolderPlants.Into(_plant, Store.Blobs), FolderPlants.Into(_plant, Store.Removal, Files, Cache));
        var cleaning = new CleanUpSettings(new Aged(Files, Disk, Cache), FolderPlants.Into(_plant, new FolderListing()), Store.Time, NullLogger<CleanUp>.Instance);
        var repair = new BlobRepair(removal, Files, Store.Jobs, NullLogger<BlobRepair>.Instance);
        CleanUp = new(Store.CacheFolders, blobs, removal, Store.Batches, cleaning);
        Reconciler = new(Store.CacheFolders, Store.Blobs, removal, repair, cleaning);
        Verify = new(new(Store.Ledger, Store.CacheFolders, Store.Blobs, Store.Batches, Files), repair, removal, Store.Settings, Store.Time);
    }

    /// <summary>A new owner: the leases of the dead process are free, and what they left goes.</summary>
    public async Task RecoverAsync()
    {
        InFlight = null;
        Start();
        var takeOver = new TakeOver(Store.Batches, new(Store.CacheFolders, Store.Blobs, Files, Store.Batches), new(), NullLogger<TakeOver>.Instance);
        await takeOver.StartAsync(CancellationToken.None);
    }

    public async Task<IReadOnlyList<BlobRow>> RowsAsync() => (await Store.Blobs.BlobsAsync(null, 10_000, CancellationToken.None)).Items;

    public async Task<CacheFolder> FolderAsync() => (await Store.CacheFolders.ListAsync(CancellationToken.None)).Single();

    public async ValueTask DisposeAsync()
    {
        _states?.Dispose();
        await Store.DisposeAsync();
        Directory.Delete(_root, recursive: true);
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
