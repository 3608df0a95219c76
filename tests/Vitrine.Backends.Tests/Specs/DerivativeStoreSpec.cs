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
        Assert.Equal([("tmp/7/k-7-1.webp", true)], Store.Files(Folder).Select(f => (f.Name, f.Staged)));

        staged.Publish();

        Assert.Equal([1, 2, 3], await ReadAsync("ab/cd/k-7-1.webp"));
        Assert.Equal([("ab/cd/k-7-1.webp", 3L, false)], Store.Files(Folder).Select(f => (f.Name, f.Size, f.Staged)));
        Assert.True(Store.Delete(Folder, "ab/cd/k-7-1.webp"));
        Assert.False(Store.Delete(Folder, "ab/cd/k-7-1.webp"));
        Assert.Null(Store.Open(Folder, "ab/cd/k-7-1.webp"));
    }

    [Fact]
    public async Task What_is_not_published_goes()
    {
        Store.Create(Folder, Marker);
        (await StageAsync(7, "ab/cd/k-7-1.webp", [1])).Dispose();
        Assert.Empty(Store.Files(Folder));
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
        Assert.Equal(["ab/cd/k-8-1.webp"], Store.Files(Folder).Select(f => f.Name));
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
