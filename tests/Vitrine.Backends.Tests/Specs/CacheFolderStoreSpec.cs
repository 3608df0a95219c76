using CsCheck;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Specs;

public abstract class CacheFolderStoreSpec : StoreSpec
{
    [Fact]
    public async Task Folders_come_back_by_priority_and_change()
    {
        var low = await Story.AddFolderAsync(path: "/cache/low");
        var high = (await Store.CacheFolders.AddAsync(new("/cache/high", Guid.NewGuid(), 5, 100, 10, ["thumbnail"]), Cancellation))!;
        Assert.Null(await Store.CacheFolders.AddAsync(new("/cache/high", Guid.NewGuid(), 5, 100, 10, []), Cancellation));
        Assert.Null(await Store.CacheFolders.AddAsync(new("/cache/other", high.Marker, 5, 100, 10, []), Cancellation));
        Assert.Equal([high.Id, low.Id], (await Store.CacheFolders.ListAsync(Cancellation)).Select(f => f.Id));

        Assert.True(await Store.CacheFolders.UpdateAsync(high.Id, new(high.Path, high.Marker, -1, 200, 20, []), false, Cancellation));
        var changed = (await Store.CacheFolders.ListAsync(Cancellation))[^1];
        Assert.Equal((high.Id, -1, 200, 20, false, 0), (changed.Id, changed.Priority, changed.LimitBytes, changed.FloorBytes, changed.Active, changed.Presets.Count));
        Assert.False(await Store.CacheFolders.UpdateAsync(new(99), new("", high.Marker, 0, 0, 0, []), true, Cancellation));
    }

    [Fact]
    public async Task A_reservation_lives_with_its_lease()
    {
        var folder = await Story.AddFolderAsync(limit: 1000);
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(1)));
        var lease = await Story.MustLeaseAsync();
        Assert.False(await Store.CacheFolders.ReserveAsync(new(9999), folder.Id, 1, Cancellation));
        Assert.True(await Store.CacheFolders.ReserveAsync(lease.Token, folder.Id, 900, Cancellation));
        Assert.False(await Store.CacheFolders.ReserveAsync(lease.Token, folder.Id, 101, Cancellation));
        Assert.Equal(900, await ReservedAsync());
        await Story.AuditAsync();

        await Store.Batches.ReleaseAsync(new BatchRelease.Died(lease.Token, 0, new()), Cancellation);
        Assert.Equal(0, await ReservedAsync());
        Assert.False(await Store.CacheFolders.ReserveAsync(lease.Token, folder.Id, 1, Cancellation));

        lease = await Story.MustLeaseAsync();
        Assert.True(await Store.CacheFolders.ReserveAsync(lease.Token, folder.Id, 600, Cancellation));
        await Story.CommitAsync(lease, Story.Done(lease, lease.Items[0], folder));
        var ended = (await Store.CacheFolders.ListAsync(Cancellation)).Single();
        Assert.Equal((0, 200, 2), (ended.ReservedBytes, ended.Bytes, ended.Blobs));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task Blobs_and_reservations_never_pass_the_limit()
    {
        const long limit = 1000;
        var folder = await Story.AddFolderAsync(limit);
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(64 * 20)));
        var leases = new List<Lease>();
        while (await Story.LeaseAsync() is { } lease) leases.Add(lease);
        var files = 0;

        await Gen.Select(Gen.Int[0, leases.Count - 1], Gen.Long[1, 300], Gen.Int[0, 3]).Array[40].SampleAsync(async steps =>
        {
            foreach (var (index, bytes, kind) in steps)
            {
                var lease = leases[index];
                if (kind == 0) await Story.CommitAsync(lease, Story.Done(lease, lease.Items[files++ % lease.Items.Count], folder, $"{files}", bytes));
                else if (kind == 1) await Store.Batches.ReleaseAsync(new BatchRelease.HandedBack(lease.Token), Cancellation);
                else await Store.CacheFolders.ReserveAsync(lease.Token, folder.Id, bytes, Cancellation);
                var now = (await Store.CacheFolders.ListAsync(Cancellation)).Single();
                if (now.Bytes + now.ReservedBytes > limit) return false;
                if (kind == 1) leases[index] = await Story.LeaseAsync() ?? lease;
            }
            return (await Store.Ledger.AuditAsync(Cancellation)).Differences.Count == 0;
        }, iter: 10, threads: 1);
    }

    [Fact]
    public async Task Rows_of_blobs_are_paged_and_known_by_name()
    {
        var folder = await Story.AddFolderAsync();
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(5)));
        await Story.DeriveAllAsync(folder);
        var rows = new List<BlobRow>();
        string? after = null;
        do
        {
            var page = await Store.Blobs.BlobsAsync(after, 4, Cancellation);
            rows.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(10, rows.Select(r => r.Name).Distinct().Count());
        Assert.All(rows, r => Assert.Equal((100, 1, 64), (r.Size, r.References, r.Hash.Length)));
        Assert.Equal([rows[3].Name], await Store.Blobs.KnownAsync(folder.Id, [rows[3].Name, "no"], Cancellation));
        Assert.Empty(await Store.Blobs.KnownAsync(new(99), [rows[3].Name], Cancellation));
    }

    private async Task<long> ReservedAsync() => (await Store.CacheFolders.ListAsync(Cancellation)).Single().ReservedBytes;
}
