using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.CacheFolders;

/// <summary>After a stop of the machine: what was written last is read, and made again where it is torn.</summary>
public sealed class TornFilesTests : IAsyncLifetime, IFolderDisk
{
    private FolderScene _scene = null!;
    private CacheFolder _folder = null!;
    private TornFiles _torn = null!;
    private int _synced;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _scene = await FolderScene.OpenAsync();
        _folder = await _scene.AddAsync("cache");
        var store = _scene.Store;
        _torn = new(store.CacheFolders, store.Blobs, _scene.Files, _scene.Repair, NullLogger<TornFiles>.Instance);
    }

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    FolderSight IFolderDisk.Look(string path) => _scene.Disk.Look(path);

    bool IFolderDisk.IsSame(string one, string other) => _scene.Disk.IsSame(one, other);

    void IFolderDisk.Mark(string path, Guid marker) => _scene.Disk.Mark(path, marker);

    int IFolderDisk.Release(string path, Guid marker) => _scene.Disk.Release(path, marker);

    void IFolderDisk.Sync(string path)
    {
        _scene.Disk.Sync(path);
        _synced++;
    }

    [Fact]
    public async Task Torn_and_lost_files_since_the_checkpoint_go_with_their_rows_and_are_made_again()
    {
        await _scene.FillAsync(_folder, 3);
        var (older, checkpoint) = (await FilesAsync(), _scene.Store.Time.GetUtcNow().AddMinutes(1));
        _scene.Store.Time.Advance(TimeSpan.FromMinutes(2));
        await _scene.FillAsync(_folder, 3, name: "two");
        var younger = (await FilesAsync()).Except(older).ToList();
        Assert.Equal(6, younger.Count);
        Tear(older[0]);
        Tear(younger[0]);
        File.Delete(Path.Combine(_folder.Path, younger[1].File.Name));

        Assert.Equal(2, await _torn.CheckAsync(checkpoint, null, Cancellation));
        Assert.Equal(10, (await _scene.FolderAsync(_folder.Id)).Blobs);
        await _scene.Story.AuditAsync();
        var job = Assert.Single((await _scene.Store.Jobs.ListAsync(new(Handler.Derive, Open: true), Cancellation)).Items);
        Assert.Equal(younger.Take(2).Select(blob => blob.Preset).Distinct().Order(), job.Scope.Presets);
        Assert.Equal(0, await _torn.CheckAsync(checkpoint, null, Cancellation));
    }

    [Fact]
    public async Task What_is_pinned_is_made_again_as_well()
    {
        await _scene.FillAsync(_folder, 1);
        foreach (var collection in (await _scene.Store.Catalog.CollectionsAsync(Grants.All, new(), Cancellation)).Items) await _scene.Store.Places.PinAsync(collection.Id, true, Cancellation);
        Tear((await FilesAsync())[0]);
        Assert.Equal(1, await _torn.CheckAsync(default, null, Cancellation));
        Assert.Equal(1, (await _scene.FolderAsync(_folder.Id)).Blobs);
        Assert.Single((await _scene.Store.Jobs.ListAsync(new(Handler.Derive, Open: true), Cancellation)).Items);
    }

    [Fact]
    public async Task The_machine_s_stop_is_seen_at_the_next_start_and_a_kill_is_none()
    {
        await _scene.FillAsync(_folder, 1);
        await RunAsync("one", () => Task.FromResult(_synced == 1));
        Tear((await FilesAsync())[0]);

        var before = _synced;
        await RunAsync("one", () => Task.FromResult(_synced > before));
        Assert.Equal(2, (await _scene.FolderAsync(_folder.Id)).Blobs);

        // What the checkpoints have made safe since is not looked at, so the torn one is found only where it is younger.
        await _scene.Store.Settings.SetAsync("cacheCheckpoint", """{"Boot":"one","At":"2026-01-01T12:00:00+00:00"}""", Cancellation);
        await RunAsync("two", async () => (await _scene.FolderAsync(_folder.Id)).Blobs == 1);
    }

    [Theory]
    [InlineData(null, "two", false)]
    [InlineData("one", "one", false)]
    [InlineData("one", "two", true)]
    public void Files_are_suspect_where_the_machine_is_another_run(string? former, string now, bool suspect) =>
        Assert.Equal(suspect, CheckpointRule.IsSuspect(former is null ? null : new(former, default), now));

    private Task RunAsync(string boot, Func<Task<bool>> until)
    {
        var settings = new CheckpointSettings(new() { CheckpointSeconds = 10 }, boot, "", _scene.Store.Time, NullLogger<Checkpoints>.Instance);
        return _scene.RunAsync(new Checkpoints(_scene.Store.Settings, _scene.States, this, _torn, settings), until);
    }

    private async Task<IReadOnlyList<PlacedBlob>> FilesAsync() => await _scene.Store.Places.InFolderAsync(_folder.Id, null, 100, Cancellation);

    private void Tear(PlacedBlob blob) => File.WriteAllBytes(Path.Combine(_folder.Path, blob.File.Name), new byte[50]);
}
