using Vitrine.Backends.Files;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;

namespace Vitrine.Backends.Tests.CacheFolders;

/// <summary>What becomes a cache folder, and what is refused.</summary>
public sealed class CacheFolderServiceTests : IAsyncLifetime
{
    private FolderScene _scene = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _scene = await FolderScene.OpenAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task A_new_folder_is_made_and_marked_with_this_installation()
    {
        var folder = await _scene.AddAsync("cache", priority: 3);
        Assert.Equal((_scene.PathOf("cache"), 3), (folder.Path, folder.Priority));
        Assert.Equal(new(folder.Marker, _scene.Installation.Id), _scene.Disk.Look(folder.Path).Marker);
        Assert.Equal(FolderFault.None, _scene.Files.Probe(folder.Path, folder.Marker).Fault);

        var plain = Assert.IsType<FolderAnswer.Stored>(await _scene.Service.AddAsync(_scene.PathOf("plain"), new(), Cancellation)).Folder;
        var (free, _) = Disk.Space(_scene.Root);
        Assert.InRange(plain.LimitBytes, free / 6, free / 4);
    }

    [Theory]
    [InlineData("cache/relative", "path-refused")]
    [InlineData("", "path-refused")]
    [InlineData("\\\\server\\share", "path-refused")]
    [InlineData("ROOT/../etc", "path-refused")]
    [InlineData("ROOT/a\nb", "path-refused")]
    [InlineData("ROOT/a\0b", "path-refused")]
    [InlineData("ROOT/nowhere/cache", "missing")]
    [InlineData("ROOT/file", "not-a-folder")]
    [InlineData("ROOT/full", "not-empty")]
    [InlineData("ROOT/theirs", "other-installation")]
    [InlineData("ROOT/link", "link")]
    [InlineData("ROOT/to-library", "inside-library")]
    [InlineData("ROOT/pictures/one/cache", "inside-library")]
    [InlineData("ROOT/pictures", "contains-library")]
    [InlineData("ROOT/one", "known")]
    [InlineData("ROOT/to-one", "known")]
    [InlineData("ROOT/one/two", "inside-folder")]
    [InlineData("ROOT/shelf", "contains-folder")]
    [InlineData("ROOT", "contains-library")]
    [InlineData("ROOT/data", "contains-data")]
    [InlineData("ROOT/copy", "known")]
    public async Task What_cannot_be_a_cache_folder_is_refused_with_its_reason(string path, string code)
    {
        await PrepareAsync();
        var before = Directory.EnumerateFileSystemEntries(_scene.Root, "*", SearchOption.AllDirectories).Order().ToList();
        var refused = Assert.IsType<FolderAnswer.Refused>(await _scene.Service.AddAsync(path.Replace("ROOT", _scene.Root, StringComparison.Ordinal), new(), Cancellation));
        Assert.Equal(code, refused.Code);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Equal(before, Directory.EnumerateFileSystemEntries(_scene.Root, "*", SearchOption.AllDirectories).Order());
    }

    /// <summary>A sibling whose name begins as a library's or a folder's does is another place.</summary>
    [Theory]
    [InlineData("one-more")]
    [InlineData("pictures/one-more")]
    public async Task A_sibling_prefix_is_no_overlap(string name)
    {
        await PrepareAsync();
        await _scene.AddAsync(name);
    }

    [Theory]
    [InlineData(0, null, null, null, "bad-limit")]
    [InlineData(-1, null, null, null, "bad-limit")]
    [InlineData(null, -1, null, null, "bad-floor")]
    [InlineData(null, null, "poster", null, "bad-preset")]
    [InlineData(null, null, null, 0, "bad-budget")]
    public async Task Numbers_that_make_no_sense_are_refused(int? limit, int? floor, string? preset, int? budget, string code)
    {
        var change = new FolderChange(
            LimitBytes: limit, FloorBytes: floor, Presets: preset is null ? null : [preset], Budgets: budget is null ? null : new Dictionary<string, long?> { ["display"] = budget });
        Assert.Equal(code, Assert.IsType<FolderAnswer.Refused>(await _scene.Service.AddAsync(_scene.PathOf("cache"), change, Cancellation)).Code);
        Assert.False(Directory.Exists(_scene.PathOf("cache")));
        var folder = await _scene.AddAsync("cache");
        Assert.Equal(code, Assert.IsType<FolderAnswer.Refused>(await _scene.Service.ChangeAsync(folder.Id, change, Cancellation)).Code);
        Assert.Null(await _scene.Service.ChangeAsync(new(99), new(), Cancellation));
    }

    [Fact]
    public async Task Budgets_come_and_go_one_by_one()
    {
        var folder = await _scene.AddAsync("cache");
        await ChangeAsync(folder, new() { Budgets = new Dictionary<string, long?> { ["display"] = 500, ["full"] = 100 } });
        await ChangeAsync(folder, new(Priority: 2) { Budgets = new Dictionary<string, long?> { ["full"] = null } });
        var now = await _scene.FolderAsync(folder.Id);
        Assert.Equal((2, 500L, null), (now.Priority, now.UseOf("display")!.BudgetBytes, now.UseOf("full")!.BudgetBytes));
    }

    [Fact]
    public async Task A_folder_that_was_given_up_can_be_added_again()
    {
        var folder = await _scene.AddAsync("cache");
        Assert.Equal(0, Assert.IsType<FolderAnswer.Removed>(await _scene.Service.RemoveAsync(folder.Id, Cancellation)).LeftFiles);
        Assert.NotEqual(folder.Marker, (await _scene.AddAsync("cache")).Marker);
    }

    /// <summary>Copied, both would write to and clean up the same folder: the copy keeps what it carries within it, and has no hand on what lies outside.</summary>
    [Fact]
    public async Task A_copied_data_folder_is_another_installation()
    {
        var (inside, outside) = (await _scene.AddAsync("data/cache"), await _scene.AddAsync("outside"));
        var copy = CopyData("copied");
        var installation = await AdoptAsync(copy);

        Assert.True(installation.IsCopy);
        Assert.NotEqual(_scene.Installation.Id, installation.Id);
        var files = new FileDerivativeStore(installation);
        var folders = await _scene.Store.CacheFolders.ListAsync(Cancellation);
        Assert.Equal(Path.Combine(copy, "cache"), folders.Single(f => f.Id == inside.Id).Path);
        Assert.Equal(FolderFault.None, files.Probe(Path.Combine(copy, "cache"), inside.Marker).Fault);
        Assert.Equal(FolderFault.NotOurs, files.Probe(outside.Path, outside.Marker).Fault);
        Assert.Equal(FolderFault.None, _scene.Files.Probe(outside.Path, outside.Marker).Fault);
        Assert.Equal(FolderFault.None, _scene.Files.Probe(inside.Path, inside.Marker).Fault);
        Assert.False(files.Delete(outside.Path, "ab/cd/x-1-1.webp"));
    }

    [Fact]
    public async Task A_moved_data_folder_is_the_same_installation_and_takes_its_cache_along()
    {
        var (inside, outside) = (await _scene.AddAsync("data/cache"), await _scene.AddAsync("outside"));
        var moved = _scene.PathOf("moved");
        Directory.Move(_scene.Data.Path, moved);
        var installation = await AdoptAsync(moved);

        Assert.Equal((_scene.Installation.Id, false), (installation.Id, installation.IsCopy));
        var files = new FileDerivativeStore(installation);
        Assert.Equal(FolderFault.None, files.Probe(outside.Path, outside.Marker).Fault);
        Assert.Equal(Path.Combine(moved, "cache"), (await _scene.FolderAsync(inside.Id)).Path);
        Assert.Equal(FolderFault.None, files.Probe(Path.Combine(moved, "cache"), inside.Marker).Fault);
    }

    /// <summary>Two names of one directory that no path tells apart are found by a file that is seen under both.</summary>
    [Fact]
    public async Task The_same_directory_by_another_name_is_known()
    {
        var folder = await _scene.AddAsync("cache");
        Directory.CreateSymbolicLink(_scene.PathOf("other"), folder.Path);
        Assert.True(_scene.Disk.IsSame(folder.Path, _scene.PathOf("other")));
        Assert.False(_scene.Disk.IsSame(folder.Path, _scene.Data.Path));
    }

    private async Task PrepareAsync()
    {
        var library = Directory.CreateDirectory(_scene.PathOf("pictures/one")).FullName;
        await _scene.Store.Libraries.AddAsync(new("one", library, new(["thumbnail"], []), new("disk", "ext4")), Cancellation);
        await _scene.AddAsync("one");
        Directory.CreateDirectory(_scene.PathOf("shelf"));
        await _scene.AddAsync("shelf/two");
        File.WriteAllText(_scene.PathOf("file"), "");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(_scene.PathOf("full")).FullName, "letter.txt"), "");
        new FolderDisk(await OtherInstallationAsync()).Mark(_scene.PathOf("theirs"), Guid.NewGuid());
        Directory.CreateSymbolicLink(_scene.PathOf("link"), Directory.CreateDirectory(_scene.PathOf("elsewhere")).FullName);
        Directory.CreateSymbolicLink(_scene.PathOf("to-library"), library);
        Directory.CreateSymbolicLink(_scene.PathOf("to-one"), _scene.PathOf("one"));
        Directory.CreateDirectory(_scene.PathOf("copy"));
        File.Copy(Path.Combine(_scene.PathOf("one"), FileDerivativeStore.MarkerName), Path.Combine(_scene.PathOf("copy"), FileDerivativeStore.MarkerName));
    }

    private async Task<Installation> OtherInstallationAsync()
    {
        var store = await Sqlite.SqliteStore.OpenAsync();
        await using (store)
        {
            var other = new Installation(store.Settings, new(Directory.CreateDirectory(_scene.PathOf("other-data")).FullName));
            await other.IdentifyAsync(Cancellation);
            return other;
        }
    }

    private async Task<Installation> AdoptAsync(string data)
    {
        var installation = new Installation(_scene.Store.Settings, new(data));
        await new FolderAdoption(_scene.Store.CacheFolders, new FolderDisk(installation), installation, new(data)).RunAsync(Cancellation);
        return installation;
    }

    private string CopyData(string name)
    {
        var copy = _scene.PathOf(name);
        foreach (var file in Directory.EnumerateFiles(_scene.Data.Path, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(copy, Path.GetRelativePath(_scene.Data.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        return copy;
    }

    private async Task ChangeAsync(CacheFolder folder, FolderChange change) =>
        Assert.IsType<FolderAnswer.Stored>(await _scene.Service.ChangeAsync(folder.Id, change, Cancellation));
}
