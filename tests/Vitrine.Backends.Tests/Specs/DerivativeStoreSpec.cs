using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>Files of cache folders, whatever keeps them.</summary>
public abstract class DerivativeStoreSpec : IDisposable
{
    private static readonly Guid Marker = Guid.Parse("6f0c1b52-8d1e-4a52-9a0e-000000000001");

    protected abstract IDerivativeStore Store { get; }

    /// <summary>A path where a folder can be made.</summary>
    protected abstract string Folder { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public abstract void Dispose();

    [Fact]
    public async Task A_blob_appears_whole_and_only_when_published()
    {
        Store.Create(Folder, Marker);
        using var staged = await StageAsync(7, "ab/cd/k-7-1.webp", [1, 2, 3]);
        Assert.Null(Store.Open(Folder, "ab/cd/k-7-1.webp"));
        Assert.Equal([("tmp/7/k-7-1.webp", true)], Blobs().Select(f => (f.Name, f.Staged)));

        staged.Publish();

        Assert.Equal([1, 2, 3], await ReadAsync("ab/cd/k-7-1.webp"));
        Assert.Equal([("ab/cd/k-7-1.webp", 3L, false)], Blobs().Select(f => (f.Name, f.Size, f.Staged)));
        Assert.True(Store.Delete(Folder, "ab/cd/k-7-1.webp"));
        Assert.False(Store.Delete(Folder, "ab/cd/k-7-1.webp"));
        Assert.Null(Store.Open(Folder, "ab/cd/k-7-1.webp"));
    }

    [Fact]
    public async Task What_is_not_published_goes()
    {
        Store.Create(Folder, Marker);
        (await StageAsync(7, "ab/cd/k-7-1.webp", [1])).Dispose();
        Assert.Empty(Blobs());
    }

    [Fact]
    public async Task A_lease_that_was_taken_over_cannot_publish()
    {
        Store.Create(Folder, Marker);
        using var late = await StageAsync(7, "ab/cd/k-7-1.webp", [1]);
        using var other = await StageAsync(8, "ab/cd/k-8-1.webp", [2]);
        Store.DropStaged(Folder, new(7));
        Store.DropStaged(Folder, new(7));
        Assert.ThrowsAny<IOException>(late.Publish);
        other.Publish();
        Assert.Equal(["ab/cd/k-8-1.webp"], Blobs().Select(f => f.Name));
    }

    [Fact]
    public async Task A_name_is_never_written_twice()
    {
        Store.Create(Folder, Marker);
        using var first = await StageAsync(7, "ab/cd/k-7-1.webp", [1]);
        first.Publish();
        using var second = await StageAsync(8, "ab/cd/k-7-1.webp", [2]);
        Assert.ThrowsAny<IOException>(second.Publish);
        Assert.Equal([1], await ReadAsync("ab/cd/k-7-1.webp"));
    }

    [Fact]
    public void A_folder_is_ours_or_refused()
    {
        Assert.Equal(FolderFault.Missing, Store.Probe(Folder, Marker).Fault);
        Store.Create(Folder, Marker);
        Store.Create(Folder, Marker);
        var health = Store.Probe(Folder, Marker);
        Assert.True(health is { Fault: FolderFault.None, FreeBytes: > 0 } && health.TotalBytes >= health.FreeBytes);
        Assert.Equal(FolderFault.NotOurs, Store.Probe(Folder, Guid.NewGuid()).Fault);
        Assert.Equal("not-ours", Assert.Throws<CacheFolderException>(() => Store.Create(Folder, Guid.NewGuid())).Code);
        Assert.Empty(Store.Files(Folder));
    }

    [Fact]
    public async Task Names_that_lead_out_are_refused_by_every_write_and_delete()
    {
        Store.Create(Folder, Marker);
        await Assert.ThrowsAsync<CacheFolderException>(() => StageAsync(7, "../x", [1]));
        Assert.Throws<CacheFolderException>(() => Store.Delete(Folder, "../x"));
        Assert.Throws<CacheFolderException>(() => Store.Open(Folder, "../x"));
    }

    [Fact]
    public async Task What_a_lease_published_stands_in_its_journal_as_long_as_the_lease()
    {
        Store.Create(Folder, Marker);
        using var first = await StageAsync(7, "ab/cd/k-7-1.webp", [1]);
        using var second = await StageAsync(7, "ab/ce/k-7-2.webp", [1]);
        first.Publish();
        Assert.Equal("ab/cd/k-7-1.webp\n"u8.ToArray(), await ReadAsync(StagedNames.JournalOf(new(7))));
        second.Publish();
        Assert.Equal("ab/cd/k-7-1.webp\nab/ce/k-7-2.webp\n"u8.ToArray(), await ReadAsync(StagedNames.JournalOf(new(7))));
        Assert.Contains(StagedNames.JournalOf(new(7)), Store.Files(Folder).Where(f => f.Staged).Select(f => f.Name));
        Store.DropStaged(Folder, new(7));
        Assert.Equal(["ab/cd/k-7-1.webp", "ab/ce/k-7-2.webp"], Store.Files(Folder).Select(f => f.Name).Order());
    }

    [Fact]
    public async Task Files_that_go_while_they_are_listed_are_left_out()
    {
        Store.Create(Folder, Marker);
        using var first = await StageAsync(7, "ab/cd/k-7-1.webp", [1]);
        using var second = await StageAsync(7, "ab/cd/k-7-2.webp", [1]);
        using var listing = Store.Files(Folder).GetEnumerator();
        Assert.True(listing.MoveNext());
        Store.DropStaged(Folder, new(7));
        Assert.False(listing.MoveNext());
    }

    private IEnumerable<StoredFile> Blobs() => Store.Files(Folder).Where(f => !StagedNames.IsJournal(f.Name));

    private Task<StagedBlob> StageAsync(long token, string name, byte[] bytes) => Store.StageAsync(Folder, new LeaseToken(token), name, bytes, Cancellation);

    private async Task<byte[]> ReadAsync(string name)
    {
        await using var stream = Store.Open(Folder, name)!;
        Assert.True(stream.CanSeek);
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes, Cancellation);
        return bytes;
    }
}
