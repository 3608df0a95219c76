using Vitrine.Core.Alerts;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.CacheFolders;

/// <summary>Draining, on SQLite and real files.</summary>
public sealed class DrainerTests : IAsyncLifetime
{
    private FolderScene _scene = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _scene = await FolderScene.OpenAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task All_of_it_moves_and_the_folder_can_go()
    {
        var old = await _scene.AddAsync("old");
        await _scene.FillAsync(old, 100);
        var target = await _scene.AddAsync("new");
        var refused = Assert.IsType<FolderAnswer.Refused>(await _scene.Service.RemoveAsync(old.Id, Cancellation));
        Assert.Equal("not-empty", refused.Code);
        Assert.Contains("200 files with 20000 bytes", refused.Message, StringComparison.Ordinal);

        await _scene.Service.DrainAsync(old.Id, true, Cancellation);
        await _scene.RunAsync(_scene.Drainer, async () => (await _scene.FolderAsync(old.Id)).Blobs == 0);
        Assert.Equal(200, (await _scene.FolderAsync(target.Id)).Blobs);
        await _scene.CheckAsync(200);

        File.WriteAllText(Path.Combine(old.Path, "letter.txt"), "not ours");
        Assert.Equal(1, Assert.IsType<FolderAnswer.Removed>(await _scene.Service.RemoveAsync(old.Id, Cancellation)).LeftFiles);
        Assert.Equal(["letter.txt"], Directory.EnumerateFileSystemEntries(old.Path).Select(Path.GetFileName));
        Assert.Null(await _scene.Service.RemoveAsync(old.Id, Cancellation));
    }

    [Fact]
    public async Task A_reader_that_has_the_old_file_open_reads_on()
    {
        var old = await _scene.AddAsync("old");
        await _scene.FillAsync(old, 2);
        await _scene.AddAsync("new");
        var blob = (await _scene.Store.Places.InFolderAsync(old.Id, null, 1, Cancellation))[0];
        await using var open = _scene.Files.Open(old.Path, blob.File.Name)!;

        await _scene.Service.DrainAsync(old.Id, true, Cancellation);
        await _scene.RunAsync(_scene.Drainer, async () => (await _scene.FolderAsync(old.Id)).Blobs == 0);

        Assert.Null(_scene.Files.Open(old.Path, blob.File.Name));
        Assert.Equal(100, await open.ReadAsync(new byte[200], Cancellation));
    }

    [Fact]
    public async Task Without_room_elsewhere_it_waits_with_one_alert_and_goes_on_when_there_is_some()
    {
        var old = await _scene.AddAsync("old");
        await _scene.FillAsync(old, 10);
        var target = await _scene.AddAsync("new", limit: 500);
        await _scene.Service.DrainAsync(old.Id, true, Cancellation);
        await _scene.RunAsync(_scene.Drainer, async () => (await AlertsAsync()).Count == 1);
        Assert.Equal((15, 5), ((await _scene.FolderAsync(old.Id)).Blobs, (await _scene.FolderAsync(target.Id)).Blobs));
        Assert.Equal((AlertCode.DrainWaits, $"folder/{old.Id}"), ((await AlertsAsync())[0].Code, (await AlertsAsync())[0].Subject));

        await _scene.Service.ChangeAsync(target.Id, new(LimitBytes: 1L << 20), Cancellation);
        await _scene.RunAsync(_scene.Drainer, async () => (await _scene.FolderAsync(old.Id)).Blobs == 0 && (await AlertsAsync()).Count == 0);
        await _scene.CheckAsync(20);
    }

    /// <summary>Before the row is set the copy is nobody's, and after it the old file is: the start sweeps the one, and the folder's end the other.</summary>
    [Fact]
    public async Task A_crash_at_any_step_loses_nothing()
    {
        var old = await _scene.AddAsync("old");
        await _scene.FillAsync(old, 2);
        var target = await _scene.AddAsync("new");
        var blobs = await _scene.Store.Places.InFolderAsync(old.Id, null, 10, Cancellation);
        var mover = (await _scene.Store.Locks.AcquireAsync("drain", "dead", TimeSpan.FromSeconds(1), Cancellation))!;
        await CopyAsync(old, target, blobs[0], mover);
        var moved = await CopyAsync(old, target, blobs[1], mover);
        await _scene.Store.Places.MoveAsync(blobs[1].Id, blobs[1].File, moved, Cancellation);

        await new CacheFolderSetup(_scene.Store.CacheFolders, _scene.Store.Blobs, _scene.Files, _scene.Store.Batches).SweepAsync(Cancellation);
        Assert.Equal([moved.Name], _scene.Files.Files(target.Path).Select(f => f.Name));
        Assert.Equal(4, _scene.Files.Files(old.Path).Count());

        await _scene.Service.DrainAsync(old.Id, true, Cancellation);
        await _scene.RunAsync(_scene.Drainer, async () => (await _scene.FolderAsync(old.Id)).Blobs == 0);
        Assert.Equal(0, Assert.IsType<FolderAnswer.Removed>(await _scene.Service.RemoveAsync(old.Id, Cancellation)).LeftFiles);
        Assert.Empty(Directory.EnumerateFileSystemEntries(old.Path));
        await _scene.CheckAsync(4);
    }

    [Fact]
    public async Task A_damaged_file_is_dropped_with_its_row_and_not_carried_on()
    {
        var old = await _scene.AddAsync("old");
        await _scene.FillAsync(old, 2);
        await _scene.AddAsync("new");
        var blobs = await _scene.Store.Places.InFolderAsync(old.Id, null, 10, Cancellation);
        File.Delete(Path.Combine(old.Path, blobs[0].File.Name));
        File.WriteAllBytes(Path.Combine(old.Path, blobs[1].File.Name), new byte[100]);
        await _scene.Service.DrainAsync(old.Id, true, Cancellation);
        await _scene.RunAsync(_scene.Drainer, async () => (await _scene.FolderAsync(old.Id)).Blobs == 0);
        await _scene.CheckAsync(2);
        Assert.Single((await _scene.Store.Jobs.ListAsync(new(Core.Jobs.Handler.Derive, Open: true), Cancellation)).Items);
    }

    [Fact]
    public async Task A_damaged_file_that_is_pinned_does_not_keep_the_folder_from_being_drained()
    {
        var old = await _scene.AddAsync("old");
        await _scene.FillAsync(old, 1);
        await _scene.AddAsync("new");
        foreach (var collection in (await _scene.Store.Catalog.CollectionsAsync(Core.Users.Grants.All, new(), Cancellation)).Items) await _scene.Store.Places.PinAsync(collection.Id, true, Cancellation);
        File.WriteAllBytes(Path.Combine(old.Path, (await _scene.Store.Places.InFolderAsync(old.Id, null, 10, Cancellation))[0].File.Name), new byte[100]);

        await _scene.Service.DrainAsync(old.Id, true, Cancellation);
        await _scene.RunAsync(_scene.Drainer, async () => (await _scene.FolderAsync(old.Id)).Blobs == 0);

        await _scene.CheckAsync(1);
        Assert.Empty(await AlertsAsync());
    }

    private async Task<Core.Derivatives.BlobFile> CopyAsync(CacheFolder from, CacheFolder to, PlacedBlob blob, Core.Jobs.LockGrant mover)
    {
        var key = Path.GetFileNameWithoutExtension(blob.File.Name).Split('-')[0];
        var name = $"{Path.GetDirectoryName(blob.File.Name)}/{key}-{mover.Token}-{blob.Id}.webp";
        var bytes = await File.ReadAllBytesAsync(Path.Combine(from.Path, blob.File.Name), Cancellation);
        using var staged = await _scene.Files.StageAsync(to.Path, new(mover.Token), name, bytes, Cancellation);
        staged.Publish();
        return blob.File with { Folder = to.Id, Name = name };
    }

    private async Task<IReadOnlyList<Alert>> AlertsAsync() => (await _scene.Store.Alerts.ListAsync(Grants.All, open: true, null, 10, Cancellation)).Items;
}
