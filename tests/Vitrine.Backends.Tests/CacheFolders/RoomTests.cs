using Vitrine.Backends.Files;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.CacheFolders;

/// <summary>Room for a lease, the first folder, the sweep, and verify: on SQLite and real files.</summary>
public sealed class RoomTests : IAsyncLifetime
{
    private const long MiB = 1L << 20;
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-room-").FullName;
    private readonly FileDerivativeStore _files = new();
    private Store _store = null!;
    private Story _story = null!;
    private FolderStates _states = null!;
    private Room _room = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await SqliteStore.OpenAsync();
        _story = new(_store);
        _states = new(_store.CacheFolders, _files, _store.Time);
        _room = new(_store.CacheFolders, _states);
    }

    public async ValueTask DisposeAsync()
    {
        _states.Dispose();
        await _store.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Room_is_taken_in_chunks_and_small_ones_where_it_is_scarce()
    {
        await AddFolderAsync("cache", 100 * MiB);
        var lease = await LeaseAsync(2);
        Assert.NotNull(await _room.PlaceAsync(lease, "thumbnail", 1 * MiB, Cancellation));
        Assert.Equal(32 * MiB, await ReservedAsync());
        Assert.NotNull(await _room.PlaceAsync(lease, "thumbnail", 31 * MiB, Cancellation));
        Assert.Equal(32 * MiB, await ReservedAsync());
        Assert.NotNull(await _room.PlaceAsync(lease, "thumbnail", 1 * MiB, Cancellation));
        Assert.Equal(64 * MiB, await ReservedAsync());
        // 36 MiB are left: from here on a sixteenth of what is left at a time.
        Assert.NotNull(await _room.PlaceAsync(lease, "thumbnail", 31 * MiB, Cancellation));
        _room.Refresh();
        Assert.NotNull(await _room.PlaceAsync(lease, "thumbnail", 1 * MiB, Cancellation));
        Assert.Equal((64 * MiB) + (36 * MiB / 16), await ReservedAsync());
        Assert.NotNull(await _room.PlaceAsync(lease, "thumbnail", 34 * MiB, Cancellation));
        Assert.Null(await _room.PlaceAsync(lease, "thumbnail", 2 * MiB, Cancellation));
        Assert.InRange(await ReservedAsync(), 99 * MiB, 100 * MiB);
        await _story.AuditAsync();
    }

    [Fact]
    public async Task A_full_folder_gives_way_to_the_next_and_a_preset_that_none_takes_has_no_room()
    {
        var small = await AddFolderAsync("small", 5 * MiB, priority: 1);
        var large = await AddFolderAsync("large", 500 * MiB);
        var only = await _store.CacheFolders.UpdateAsync(large.Id, new(large.Path, large.Marker, 0, large.LimitBytes, 0, ["thumbnail"]), true, Cancellation);
        Assert.True(only);
        var lease = await LeaseAsync(1);
        Assert.Equal(small.Id, (await _room.PlaceAsync(lease, "thumbnail", 3 * MiB, Cancellation))!.Id);
        Assert.Equal(large.Id, (await _room.PlaceAsync(lease, "thumbnail", 3 * MiB, Cancellation))!.Id);
        Assert.Null(await _room.PlaceAsync(lease, "display", 3 * MiB, Cancellation));
        Assert.Equal(small.Id, (await _room.PlaceAsync(lease, "display", 1 * MiB, Cancellation))!.Id);
    }

    [Fact]
    public async Task A_folder_whose_marker_is_gone_takes_nothing_and_an_old_lease_gets_nothing()
    {
        var folder = await AddFolderAsync("cache", 100 * MiB);
        var lease = await LeaseAsync(1);
        await _store.Batches.ReleaseAsync(new BatchRelease.Died(lease.Token, 0, new()), Cancellation);
        Assert.Null(await _room.PlaceAsync(lease, "thumbnail", 1, Cancellation));
        lease = await _story.MustLeaseAsync();
        Assert.NotNull(await _room.PlaceAsync(lease, "thumbnail", 1, Cancellation));
        File.Delete(Path.Combine(folder.Path, FileDerivativeStore.MarkerName));
        _store.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await _room.PlaceAsync(lease, "thumbnail", 1, Cancellation));
    }

    [Fact]
    public async Task The_first_start_makes_a_folder_and_later_ones_leave_it()
    {
        var path = Path.Combine(_root, "cache");
        var nodes = new[] { 1, 2, 3 }.Select(_ => new FirstFolder(_store.CacheFolders, _files, _store.Locks)).ToList();
        await Task.WhenAll(nodes.Select(node => node.EnsureAsync(path, Cancellation)));
        var made = Assert.Single(await nodes[1].EnsureAsync(Path.Combine(_root, "other"), Cancellation));
        Assert.Equal((path, FolderFault.None), (made.Path, _files.Probe(path, made.Marker).Fault));
        var (free, _) = Disk.Space(_root);
        Assert.InRange(made.LimitBytes, free / 6, free / 4);
        Assert.InRange(made.FloorBytes, 1, (free / 2) + (1 << 30));
    }

    [Fact]
    public async Task The_sweep_drops_what_dead_leases_staged()
    {
        var folder = await AddFolderAsync("cache", 100 * MiB);
        var lease = await LeaseAsync(1);
        using var live = await _files.StageAsync(folder.Path, lease.Token, "ab/cd/k-1.webp", new byte[] { 1 }, Cancellation);
        using var dead = await _files.StageAsync(folder.Path, new(9_999), "ab/cd/k-2.webp", new byte[] { 1 }, Cancellation);
        Assert.Equal(1, await new CacheFolderSetup(_store.CacheFolders, _store.Blobs, _files, _store.Batches).SweepAsync(Cancellation));
        live.Publish();
        Assert.ThrowsAny<IOException>(dead.Publish);
    }

    [Fact]
    public async Task Verify_counts_what_is_missing_damaged_and_without_a_row()
    {
        var folder = await AddFolderAsync("cache", 100 * MiB);
        var lease = await LeaseAsync(4);
        var results = lease.Items.Select(i => _story.Done(lease, i, folder)).ToList();
        var names = new List<string>();
        for (var i = 0; i < results.Count; i++) results[i] = await WriteAsync(folder, lease, results[i], names);
        await _store.Ledger.CommitAsync(lease, results, Cancellation);
        Assert.Equal(new(5, 8, 8, 0, 0, 0, true, []), await VerifyAsync());

        File.Delete(Path.Combine(folder.Path, names[0]));
        File.WriteAllBytes(Path.Combine(folder.Path, names[1]), new byte[3]);
        Directory.CreateDirectory(Path.Combine(folder.Path, "zz"));
        File.WriteAllText(Path.Combine(folder.Path, "zz", "letter.txt"), "orphan");
        using var dead = await _files.StageAsync(folder.Path, new(9_999), "ab/cd/k-2.webp", new byte[] { 1 }, Cancellation);
        var cover = await _story.LeaseAsync();
        Assert.Null(cover);
        Assert.Equal(new(5, 8, 9, 2, 1, 1, true, []), await VerifyAsync());

        async Task<Verification> VerifyAsync()
        {
            var found = await new Verifier(_store.Ledger, _store.CacheFolders, _store.Blobs, _store.Batches, _files).VerifyAsync(Cancellation);
            Assert.Empty(found.Differences);
            return found with { Differences = [] };
        }
    }

    [Fact]
    public async Task What_a_live_lease_has_published_and_not_committed_is_no_orphan()
    {
        var folder = await AddFolderAsync("cache", 100 * MiB);
        var lease = await LeaseAsync(1);
        await WriteAsync(folder, lease, _story.Done(lease, lease.Items[0], folder), []);
        var found = await new Verifier(_store.Ledger, _store.CacheFolders, _store.Blobs, _store.Batches, _files).VerifyAsync(Cancellation);
        Assert.Equal((0, 0), (found.Files, found.Orphans));
    }

    /// <summary>The bytes behind a made-up result, written and published as a worker does it.</summary>
    private async Task<ItemResult> WriteAsync(CacheFolder folder, Lease lease, ItemResult result, List<string> names)
    {
        var made = new List<Core.Derivatives.MadeDerivative>();
        foreach (var derivative in result.Derivatives!)
        {
            var bytes = Story.BytesOf(derivative.File!.Name);
            using var staged = await _files.StageAsync(folder.Path, lease.Token, derivative.File.Name, bytes, Cancellation);
            staged.Publish();
            names.Add(derivative.File.Name);
            made.Add(derivative with { File = derivative.File with { Size = bytes.Length } });
        }
        return result with { Derivatives = made };
    }

    private async Task<CacheFolder> AddFolderAsync(string name, long limit, int priority = 0)
    {
        var (path, marker) = (Path.Combine(_root, name), Guid.NewGuid());
        _files.Create(path, marker);
        return (await _store.CacheFolders.AddAsync(new(path, marker, priority, limit, 0, []), Cancellation))!;
    }

    /// <summary>The lease of so many images; the collection's cover has another batch, which is ended.</summary>
    private async Task<Lease> LeaseAsync(int images)
    {
        await _story.ScanAsync(await _story.AddLibraryAsync("one", "thumbnail", "display"), new Tree().With("sub", Story.Pictures(images + 1)));
        var cover = await _story.MustLeaseAsync();
        await _story.CommitAsync(cover, new ItemResult(cover.Items[0].Item, Outcome.Failed, Reason.Corrupt));
        return await _story.MustLeaseAsync();
    }

    private async Task<long> ReservedAsync() => (await _store.CacheFolders.ListAsync(Cancellation)).Sum(f => f.ReservedBytes);
}
