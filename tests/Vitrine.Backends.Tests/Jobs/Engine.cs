using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Memory;
using Vitrine.Core;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Jobs;

/// <summary>The loops of one node over a store of its own on disk, on the system's clock, with a handler of the test's own.</summary>
internal sealed class Engine : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-engine-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private readonly Meter _meter = new("test");
    private readonly Signals _signals = new();
    private readonly MemoryWorkQueue _queue;
    private readonly LeaseKeeper _keeper;
    private readonly List<PeriodicService> _loops;
    private readonly List<Task> _workers = [];
    private readonly EngineOptions _options;
    private readonly LiveOptions _live;
    private readonly Reach _reach = new();
    private readonly LeaseRunner _runner;

    private Engine(EngineOptions options, Func<Engine, IBatchHandler> handler)
    {
        _options = options;
        _live = new(options);
        Store = Stores.OpenSqliteAsync(_folder, TimeProvider.System).GetAwaiter().GetResult();
        _queue = new(options.QueueLength, TimeProvider.System, _meter);
        _keeper = new(Store.Batches, Node, options, TimeProvider.System, NullLogger<LeaseKeeper>.Instance);
        var work = handler(this);
        _runner = new(Store.Batches, _keeper, new(work, work), Telemetry, TimeProvider.System);
        _loops =
        [
            _keeper,
            new Planner(Store.Jobs, Store.Batches, Store.Catalog, Store.Locks, new(Node, _signals, TimeProvider.System, NullLogger<Planner>.Instance)),
            new Dispatcher(Store.Batches, _queue, new(_live, _reach, _signals, Telemetry), TimeProvider.System, NullLogger<Dispatcher>.Instance),
            new JobWatch(Store.Events, _keeper, TimeProvider.System, NullLogger<JobWatch>.Instance),
        ];
    }

    public Stores Store { get; }
    public Telemetry Telemetry { get; } = new();
    private Node Node { get; } = new("node");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Engine> StartAsync(EngineOptions options, Func<Engine, IBatchHandler> handler)
    {
        var engine = new Engine(options, handler);
        foreach (var loop in engine._loops) await loop.StartAsync(Cancellation);
        return engine;
    }

    public void StartWorkers()
    {
        var gate = new WorkGate(_live, new(TimeProvider.System), new(), _reach, TimeProvider.System);
        var settings = new WorkerSettings(Node, _options, _signals, gate, TimeProvider.System);
        for (var i = 0; i < _options.WorkerCount; i++)
        {
            _workers.Add(new Worker(_queue, Store.Batches, _runner, settings, NullLogger<Worker>.Instance).RunAsync(_stop.Token, _stop.Token));
        }
    }

    /// <summary>A library of so many images in collections of 1000, scanned by hand and with nothing to make.</summary>
    public async Task<Library> AddLibraryAsync(string name, int images)
    {
        var library = (await Store.Libraries.AddAsync(new(name, $"/pictures/{name}", new([], []), new("disk", "ext4")), Cancellation))!;
        await Store.Jobs.AddAsync(new(Handler.Scan, new(library.Id, [])), Cancellation);
        var root = await MustLeaseAsync();
        var folders = Enumerable.Range(0, (images + 999) / 1000).Select(i => Text($"{i:D5}")).ToList();
        var containers = folders.Select(f => new FoundContainer(ContainerKind.Directory, SourcePath.FromBytes(Encoding.UTF8.GetBytes(f)), f, Encoding.UTF8.GetBytes(f), new(1, 1, 1)));
        await ScanAsync(root, new(root.Collection, [], [.. containers], true, Last: true, Version: new(1, 1, 1)));
        for (var left = images; left > 0; left -= 1000)
        {
            var lease = await MustLeaseAsync();
            await ScanAsync(lease, new(lease.Collection, [.. Enumerable.Range(0, Math.Min(1000, left)).Select(Found)], [], true, Last: true, Version: new(1, 1, 1)));
        }
        return library;
    }

    /// <summary>A job over these images, or over all of the library.</summary>
    public async Task<Job> StartAsync(Library library, params ImageId[] images)
    {
        var job = (await Store.Jobs.AddAsync(new(Handler.Derive, new(library.Id, ["thumbnail"], Images: images.Length > 0 ? images : null)), Cancellation))!;
        _signals.RingAll();
        return job;
    }

    /// <summary>The job in its newest form, each time that it changes, until it is over.</summary>
    public async IAsyncEnumerable<Job> FollowAsync(Job job)
    {
        await foreach (var changed in Store.Events.ChangesAsync(0, Cancellation))
        {
            if (changed.LastOrDefault(j => j.Id == job.Id) is not { } newest) continue;
            yield return newest;
            if (newest.IsOver) yield break;
        }
    }

    public async Task<Job> UntilAsync(Job job, Func<Job, bool> condition)
    {
        await foreach (var newest in FollowAsync(job))
        {
            if (condition(newest)) return newest;
        }
        throw new InvalidOperationException($"Job {job.Id} ended before.");
    }

    public void Ring() => _signals.RingAll();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_workers);
        foreach (var loop in _loops) await loop.StopAsync(CancellationToken.None);
        foreach (var loop in _loops) loop.Dispose();
        await Store.DisposeAsync();
        _queue.Dispose();
        _signals.Dispose();
        _live.Dispose();
        Telemetry.Dispose();
        _meter.Dispose();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<Lease> MustLeaseAsync() => (await Store.Batches.LeaseAsync(new("scanner"), Cancellation))!;

    private async Task ScanAsync(Lease lease, ScanStep step)
    {
        Assert.True((await Store.Libraries.ApplyAsync(lease, step, Cancellation)).Accepted);
        await Store.Ledger.CommitAsync(lease, [new(lease.Items[0].Item, Outcome.Done)], Cancellation);
    }

    private static FoundImage Found(int number)
    {
        var name = Text($"{number:D4}.jpg");
        return new(RawName.FromText(name), 0, name, Encoding.UTF8.GetBytes(name), new(1000, 1, 7));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Makes nothing and commits everything: what is left is the bookkeeping.</summary>
internal sealed class Bookkeeper(Stores store, FolderIdSource folder) : IBatchHandler
{
    private long _made;

    public async Task RunAsync(HeldLease held, DecoderLane lane)
    {
        var target = await folder.GetAsync();
        await store.Ledger.CommitAsync(held.Lease, [.. held.Lease.Items.Select(item => Done(held.Lease, item, target))], held.Lost);
    }

    private ItemResult Done(Lease lease, WorkItem item, FolderId folder)
    {
        var number = Interlocked.Increment(ref _made);
        var hash = System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(item.Item));
        var key = Core.Derivatives.Preset.Thumbnail.KeyFor(hash);
        var file = new Core.Derivatives.BlobFile(folder, $"{key.Hex[..2]}/{key.Hex}-{lease.Token}-{number}.webp", 12_000, Convert.ToHexStringLower(hash));
        return new(item.Item, Outcome.Done, VersionRead: item.Version, Facts: new(hash, 4000, 3000, "jpeg", 1, 1, new byte[25], "aabbcc", false),
            Derivatives: [new(Core.Derivatives.Preset.Thumbnail, key, file, 320, 240, "image/webp", false)]);
    }
}

/// <summary>The cache folder that the bookkeeper's files are in, added at the first use.</summary>
internal sealed class FolderIdSource(Stores store)
{
    private readonly Lazy<Task<FolderId>> _id = new(async () =>
        (await store.CacheFolders.AddAsync(new("/cache", Guid.NewGuid(), 0, 1L << 50, 0, []), CancellationToken.None))!.Id);

    public Task<FolderId> GetAsync() => _id.Value;
}
