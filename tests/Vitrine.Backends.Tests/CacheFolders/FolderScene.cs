using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Files;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.CacheFolders;

/// <summary>Cache folders as real directories, a store with rows, and all that looks after both.</summary>
internal sealed class FolderScene : IAsyncDisposable
{
    private FolderScene(Store store, string root)
    {
        (Store, Root) = (store, root);
        Data = new(Directory.CreateDirectory(Path.Combine(root, "data")).FullName);
        Installation = new(store.Settings, Data);
        Files = new(Installation);
        Disk = new(Installation);
        States = new(store.CacheFolders, Files, store.Time);
        Repair = new(store.Removal, Files, store.Jobs, NullLogger<BlobRepair>.Instance);
        Evictor = new(store.CacheFolders, States, store.Places, Files, new(new(), store.Time, NullLogger<Evictor>.Instance));
        Drainer = new(store.CacheFolders, States, store.Places, Files, new(store.Locks, store.Alerts, Repair, new("node"), store.Time, NullLogger<Drainer>.Instance));
        Service = new(store.CacheFolders, store.Places, Disk, new(store.Libraries, Data), new(States, Files, Installation, new(store.Presets, store.Time, NullLogger<Presets>.Instance), Drainer, Evictor, NullLogger<CacheFolderService>.Instance));
        Story = new(store);
    }

    public Store Store { get; }
    public Story Story { get; }
    public string Root { get; }
    public DataFolder Data { get; }
    public Installation Installation { get; }
    public FileDerivativeStore Files { get; }
    public FolderDisk Disk { get; }
    public FolderStates States { get; }
    public Evictor Evictor { get; }
    public BlobRepair Repair { get; }
    public Drainer Drainer { get; }
    public CacheFolderService Service { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<FolderScene> OpenAsync()
    {
        var scene = new FolderScene(await SqliteStore.OpenAsync(), Directory.CreateTempSubdirectory("vitrine-folders-").FullName);
        await scene.Installation.IdentifyAsync(Cancellation);
        return scene;
    }

    public string PathOf(string name) => Path.Combine(Root, name);

    public async Task<CacheFolder> AddAsync(string name, long limit = 1L << 30, int priority = 0) =>
        Assert.IsType<FolderAnswer.Stored>(await Service.AddAsync(PathOf(name), new(priority, limit, 0), Cancellation)).Folder;

    /// <summary>A library of so many pictures, all made, with real files of this size.</summary>
    public async Task FillAsync(CacheFolder folder, int pictures, int size = 100, string name = "one")
    {
        await Story.ScanAsync(await Story.AddLibraryAsync(name), new Tree().With("sub", Story.Pictures(pictures)));
        while (await Story.LeaseAsync() is { } lease)
        {
            var results = new List<ItemResult>();
            foreach (var item in lease.Items) results.Add(await WriteAsync(folder, lease, Story.Done(lease, item, folder, size: size)));
            await Story.CommitAsync(lease, [.. results]);
            Files.DropStaged(folder.Path, lease.Token);
        }
    }

    public async Task<CacheFolder> FolderAsync(FolderId id) => (await Store.CacheFolders.ListAsync(Cancellation)).Single(f => f.Id == id);

    /// <summary>One for each row, whole; and no other file.</summary>
    public async Task CheckAsync(int blobs)
    {
        await Story.AuditAsync();
        var found = await new Verifier(Store.Ledger, Store.CacheFolders, Store.Blobs, Store.Batches, Files).VerifyAsync(Cancellation);
        Assert.Equal((blobs, 0, 0, 0, true), (found.Files, found.Orphans, found.Missing, found.Damaged, found.CountersEqual));
    }

    /// <summary>Runs a loop until something holds.</summary>
    public async Task RunAsync(PeriodicService loop, Func<Task<bool>> until)
    {
        await loop.StartAsync(Cancellation);
        for (var looks = 0; !await until(); looks++)
        {
            Assert.True(looks < 500, "It did not come about.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation);
            Store.Time.Advance(TimeSpan.FromSeconds(1));
        }
        await loop.StopAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Evictor.Dispose();
        Drainer.Dispose();
        States.Dispose();
        await Store.DisposeAsync();
        Directory.Delete(Root, recursive: true);
    }

    private async Task<ItemResult> WriteAsync(CacheFolder folder, Lease lease, ItemResult result)
    {
        var made = new List<MadeDerivative>();
        foreach (var derivative in result.Derivatives!)
        {
            var bytes = new byte[derivative.File!.Size];
            "RIFF....WEBP"u8.CopyTo(bytes);
            BitConverter.TryWriteBytes(bytes.AsSpan(12), derivative.File.Name.GetHashCode(StringComparison.Ordinal));
            using var staged = await Files.StageAsync(folder.Path, lease.Token, derivative.File.Name, bytes, Cancellation);
            staged.Publish();
            made.Add(derivative with { File = derivative.File with { Hash = Convert.ToHexStringLower(SHA256.HashData(bytes)) } });
        }
        return result with { Derivatives = made };
    }
}
