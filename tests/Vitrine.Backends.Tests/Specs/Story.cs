using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>A picture of a made-up source tree; another stamp is another original.</summary>
public sealed record Picture(string Name, long Stamp = 1, long Size = 1000)
{
    public FoundImage Found => new(RawName.FromText(Name), 0, Name, Encoding.UTF8.GetBytes(Name), new(Size, Stamp, 7));
}

/// <summary>A made-up source tree: pictures and containers by path, as a scan finds them.</summary>
public sealed class Tree
{
    private readonly SortedDictionary<string, List<Picture>> _pictures = new(StringComparer.Ordinal) { [""] = [] };
    private readonly Dictionary<string, (ContainerKind Kind, SourceVersion Version)> _containers = [];

    public Tree With(string path, params Picture[] pictures) => With(path, ContainerKind.Directory, 1, pictures);

    public Tree With(string path, ContainerKind kind, long stamp, params Picture[] pictures)
    {
        _pictures[path] = [.. pictures];
        _containers[path] = (kind, new(1, stamp, kind == ContainerKind.Directory ? path.Aggregate(7L, (number, letter) => (number * 31) + letter) : 7));
        return this;
    }

    /// <summary>The directory is one that was elsewhere before.</summary>
    public Tree Moved(string from, string to)
    {
        _containers[to] = (ContainerKind.Directory, new Tree().With(from, ContainerKind.Directory, _containers[to].Version.Stamp)._containers[from].Version);
        return this;
    }

    public Tree Without(string path)
    {
        _pictures.Remove(path);
        _containers.Remove(path);
        return this;
    }

    public IReadOnlyList<FoundImage> ImagesOf(SourcePath path) =>
        [.. _pictures[path.Text].OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => p.Found)];

    public IReadOnlyList<FoundContainer> ContainersOf(SourcePath path) =>
    [
        .. _pictures.Keys.Where(k => k.Length > 0).Select(k => SourcePath.FromBytes(Encoding.UTF8.GetBytes(k))).Where(p => p.Parent == path)
            .Select(p => new FoundContainer(_containers[p.Text].Kind, p, p.LastSegment.ToString(), p.LastSegment.Bytes, _containers[p.Text].Version, OnlyName: _containers[p.Text].Kind == ContainerKind.Directory)),
    ];

    public SourceVersion VersionOf(SourcePath path) => path.IsRoot ? new(1, 1, 7) : _containers[path.Text].Version;
}

/// <summary>What the engine does with a store, in short words.</summary>
public sealed class Story(Store store)
{
    private int _files;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<Library> AddLibraryAsync(string name = "one", params string[] presets)
    {
        var settings = new LibrarySettings(presets.Length > 0 ? presets : ["thumbnail", "display"], []);
        var library = await store.Libraries.AddAsync(new(name, $"/pictures/{name}", settings, new("disk", "ext4")), Cancellation);
        return library ?? throw new InvalidOperationException("The library was refused.");
    }

    public async Task<CacheFolder> AddFolderAsync(long limit = 1L << 40, string path = "/cache/one", params string[] presets) =>
        await store.CacheFolders.AddAsync(new(path, Guid.NewGuid(), 0, limit, 0, presets), Cancellation)
        ?? throw new InvalidOperationException("The folder was refused.");

    public async Task<Job> StartScanAsync(Library library, BatchClass jobClass = BatchClass.Normal) =>
        (await store.Jobs.AddAsync(new(Handler.Scan, new(library.Id, library.Settings.Presets), jobClass), Cancellation))!;

    public async Task<Job> ChildAsync(Job scan) =>
        (await store.Jobs.ListAsync(new(Parent: scan.Id), Cancellation)).Items.Single();

    public async Task<Job> JobAsync(Job job) => (await store.Jobs.GetAsync(job.Id, Cancellation))!;

    /// <summary>The first image of the first collection.</summary>
    public async Task<Image> AnImageAsync()
    {
        var collection = (await store.Catalog.CollectionsAsync(Grants.All, new(null, null, CollectionSort.Name, false, null, 10), Cancellation)).Items[0];
        var first = (await store.Catalog.ImagesAsync(Grants.All, collection.Id, null, 1, Cancellation))!.Items[0];
        return (await store.Catalog.ImageAsync(Grants.All, first.Id, Cancellation))!;
    }

    /// <summary>A whole scan of the tree. Answers its derive job, as the scan left it.</summary>
    public async Task<Job> ScanAsync(Library library, Tree tree, bool sameMount = true, Func<Lease, ScanStep>? step = null)
    {
        var scan = await StartScanAsync(library);
        var child = await ChildAsync(scan);
        // Nothing else is leased meanwhile.
        var others = (await store.Jobs.ListAsync(new(Handler.Derive, Open: true), Cancellation)).Items;
        foreach (var other in others) await store.Jobs.ControlAsync(other.Id, new JobCommand.Hold(Holds.Window), Cancellation);
        while (await LeaseAsync() is { } lease)
        {
            Assert.Equal(Handler.Scan, lease.Handler);
            await store.Libraries.ApplyAsync(lease, step?.Invoke(lease) ?? Step(lease, tree, sameMount), Cancellation);
            await store.Ledger.CommitAsync(lease, [new(lease.Items[0].Item, Outcome.Done)], Cancellation);
        }
        foreach (var other in others) await store.Jobs.ControlAsync(other.Id, new JobCommand.Lift(Holds.Window), Cancellation);
        return await JobAsync(child);
    }

    /// <summary>A derive job with these batches, planned in one step.</summary>
    public async Task<Job> PlanAsync(JobScope scope, IReadOnlyList<NewBatch> batches, Job? parent = null)
    {
        var job = (await store.Jobs.AddAsync(new(Handler.Derive, scope, Parent: parent?.Id), Cancellation))!;
        var planner = (await store.Locks.AcquireAsync($"plan {job.Id}", "planner", TimeSpan.FromMinutes(1), Cancellation))!;
        var answer = await store.Batches.AddAsync(new BatchAddition.Plan(job.Id, planner, batches, null, Planned: true), Cancellation);
        Assert.True(answer.Accepted);
        return await JobAsync(job);
    }

    public Task<ScanAnswer> ApplyAsync(Lease lease, Tree tree, bool sameMount = true) => store.Libraries.ApplyAsync(lease, Step(lease, tree, sameMount), Cancellation);

    public static ScanStep Step(Lease lease, Tree tree, bool sameMount = true) => new(
        lease.Collection, tree.ImagesOf(lease.Path), tree.ContainersOf(lease.Path), sameMount, Last: true, Version: tree.VersionOf(lease.Path));

    public Task<Lease?> LeaseAsync(string node = "node") => store.Batches.LeaseAsync(new(node), Cancellation);

    public async Task<Lease> MustLeaseAsync(string node = "node") => await LeaseAsync(node) ?? throw new InvalidOperationException("Nothing to lease.");

    /// <summary>A planned job over the images of one collection in one batch, of a library that is scanned and has nothing else open.</summary>
    public async Task<Job> PlanOneBatchAsync(int items, string library = "one")
    {
        var derive = await ScanAsync(await AddLibraryAsync(library), new Tree().With("sub", Pictures(items)));
        await store.Jobs.ControlAsync(derive.Id, new JobCommand.Cancel(), Cancellation);
        return await PlanAsync(derive.Scope, [await WholeBatchAsync(derive.Scope)]);
    }

    /// <summary>All images of the scope that lack something, as one batch.</summary>
    public async Task<NewBatch> WholeBatchAsync(JobScope scope)
    {
        var page = await store.Catalog.ToDeriveAsync(scope, null, 1000, Cancellation);
        return new(page.Items[0].Collection, BatchClass.Normal, [.. page.Items.Select(i => i.Item)]);
    }

    /// <summary>Leases and commits until nothing is left.</summary>
    public async Task DeriveAllAsync(CacheFolder folder)
    {
        while (await LeaseAsync() is { } lease) await store.Ledger.CommitAsync(lease, [.. lease.Items.Select(i => Done(lease, i, folder))], Cancellation);
    }

    public Task<CommitAnswer> CommitAsync(Lease lease, params ItemResult[] results) => store.Ledger.CommitAsync(lease, results, Cancellation);

    /// <summary>What a worker hands in for an item. Equal contents make equal keys.</summary>
    public ItemResult Done(Lease lease, WorkItem item, CacheFolder folder, string? content = null, long size = 100)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(content ?? $"{lease.Collection}/{item.Name}/{item.Version}"));
        var facts = new ImageFacts(hash, 4000, 3000, "jpeg", 1, 1, [1, 2, 3], "aabbcc", false);
        return new(item.Item, Outcome.Done, VersionRead: item.Version, Facts: facts,
            Derivatives: [.. item.Presets.Select(p => Made(lease, p, hash, folder, size))]);
    }

    private MadeDerivative Made(Lease lease, Preset preset, byte[] content, CacheFolder folder, long size)
    {
        var key = preset.KeyFor(content);
        var name = string.Create(CultureInfo.InvariantCulture, $"{key.Hex[..2]}/{key.Hex[2..4]}/{key}-{lease.Token}-{++_files}.webp");
        var hash = Convert.ToHexStringLower(SHA256.HashData(BytesOf(name)));
        return new(preset, key, new(folder.Id, name, size, hash), 320, 240, "image/webp", false);
    }

    /// <summary>What stands under a name that <see cref="Done"/> gives, where a test needs the file: it begins as a WebP does, and has the hash that is told.</summary>
    public static byte[] BytesOf(string name) => [.. "RIFF....WEBP"u8, .. Encoding.UTF8.GetBytes(name)];

    /// <summary>Every counter equals a recount of its rows.</summary>
    public async Task<Audit> AuditAsync()
    {
        var audit = await store.Ledger.AuditAsync(Cancellation);
        Assert.Empty(audit.Differences);
        return audit;
    }

    public static Picture[] Pictures(int count) =>
        [.. Enumerable.Range(1, count).Select(i => new Picture(string.Create(CultureInfo.InvariantCulture, $"{i:D5}.jpg")))];

    /// <summary>As of cameras, no two have the same size: contents of a size that is known are read with the lease.</summary>
    public static Picture[] PicturesOfSizes(int first, int count) => [.. Pictures(count).Select((picture, i) => picture with { Size = first + i })];
}
