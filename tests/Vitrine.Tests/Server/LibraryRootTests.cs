using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Server;

/// <summary>What may be a library, and what is said where it may not.</summary>
public sealed class LibraryRootTests : IAsyncLifetime
{
    private readonly TestServer _server = new();

    private LibraryService Service => _server.Services.GetRequiredService<LibraryService>();

    private string Pictures => Path.Combine(_server.Folder, "pictures");

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        Directory.CreateDirectory(Path.Combine(Pictures, "inner"));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_folder_becomes_a_library_with_its_name_and_a_scan()
    {
        var stored = Assert.IsType<LibraryAnswer.Stored>(await AddAsync(Pictures + "/"));
        Assert.Equal(("pictures", Pictures), (stored.Library.Name, stored.Library.Root));
        Assert.Equal(["thumbnail", "display"], stored.Library.Settings.Presets);
        Assert.Equal(Handler.Scan, stored.Scan?.Handler);
        Assert.NotEqual("", stored.Library.Mount.FileSystemType);
    }

    [Fact]
    public async Task What_is_no_folder_to_read_is_refused()
    {
        var file = Path.Combine(Pictures, "one.jpg");
        await File.WriteAllTextAsync(file, "");
        await RefusedAsync("not-absolute", "pictures");
        await RefusedAsync("not-absolute", "");
        await RefusedAsync("missing", Path.Combine(Pictures, "nothing"));
        await RefusedAsync("not-a-folder", file);
        await RefusedAsync("pseudo-file-system", "/proc");
        await RefusedAsync("pseudo-file-system", "/sys");
    }

    [Fact]
    public async Task Libraries_do_not_lie_within_one_another_even_by_links()
    {
        var link = Path.Combine(_server.Folder, "link");
        Directory.CreateSymbolicLink(link, Pictures);
        Directory.CreateDirectory(Pictures + "-beside");
        Assert.IsType<LibraryAnswer.Stored>(await AddAsync(link));
        await RefusedAsync(LibraryAnswer.Known, Pictures);
        await RefusedAsync(LibraryAnswer.Known, link);
        await RefusedAsync("inside-library", Path.Combine(Pictures, "inner"));
        await RefusedAsync("inside-library", Path.Combine(link, "inner"));
        Assert.IsType<LibraryAnswer.Stored>(await AddAsync(Pictures + "-beside"));
    }

    [Fact]
    public async Task A_library_around_another_is_refused()
    {
        Assert.IsType<LibraryAnswer.Stored>(await AddAsync(Path.Combine(Pictures, "inner")));
        await RefusedAsync("contains-library", Pictures);
    }

    [Fact]
    public async Task No_library_holds_what_Vitrine_keeps()
    {
        var cache = (await _server.Services.GetRequiredService<ICacheFolderStore>().ListAsync(TestContext.Current.CancellationToken))[0];
        await RefusedAsync("cache-folder", cache.Path);
        await RefusedAsync("cache-folder", _server.Folder);
        var inData = Directory.CreateDirectory(Path.Combine(_server.Owner.Data.Path, "pictures")).FullName;
        await RefusedAsync("data-folder", inData);
    }

    [Theory]
    [InlineData("bad-preset", null, "enormous")]
    [InlineData("bad-preset", null, "thumbnail,thumbnail")]
    [InlineData("bad-preset", null, "")]
    [InlineData("bad-name", "", "thumbnail")]
    [InlineData("bad-name", "a\nb", "thumbnail")]
    public async Task Bad_settings_are_refused(string code, string? name, string presets)
    {
        var list = presets.Split(',', StringSplitOptions.RemoveEmptyEntries);
        var answer = await Service.AddAsync(Pictures, name, new(list, []), TestContext.Current.CancellationToken);
        Assert.Equal(code, Assert.IsType<LibraryAnswer.Refused>(answer).Code);
    }

    [Fact]
    public async Task A_change_leaves_what_is_not_given_and_scans_where_it_matters()
    {
        var library = Assert.IsType<LibraryAnswer.Stored>(await AddAsync(Pictures)).Library;
        var renamed = await ChangeAsync(library.Id, new("New", null, null, null));
        Assert.Equal(("New", Pictures), (renamed.Library.Name, renamed.Library.Root));
        Assert.Equal(library.Settings.Presets, renamed.Library.Settings.Presets);
        Assert.Null(renamed.Scan);

        var more = await ChangeAsync(library.Id, new(null, ["thumbnail", "medium"], ["*.tmp"], null));
        Assert.Equal(("New", "*.tmp"), (more.Library.Name, more.Library.Settings.Exclude[0]));
        Assert.NotNull(more.Scan);

        // Presets that are new are made for the images that are known already: a job of their own.
        var jobs = _server.Services.GetRequiredService<IJobStore>();
        var derive = (await jobs.ListAsync(new(Handler.Derive), TestContext.Current.CancellationToken)).Items;
        Assert.Equal(["thumbnail", "medium"], Assert.Single(derive, job => job.Parent is null).Scope.Presets);

        var moved = Directory.CreateDirectory(Path.Combine(_server.Folder, "moved")).FullName;
        Assert.Equal(moved, (await ChangeAsync(library.Id, new(null, null, null, moved))).Library.Root);
        Assert.Null(await Service.ChangeAsync(new(4711), new("x", null, null, null), TestContext.Current.CancellationToken));
    }

    private Task<LibraryAnswer> AddAsync(string path) => Service.AddAsync(path, null, null, TestContext.Current.CancellationToken);

    private async Task<LibraryAnswer.Stored> ChangeAsync(LibraryId id, LibraryChange change) =>
        Assert.IsType<LibraryAnswer.Stored>(await Service.ChangeAsync(id, change, TestContext.Current.CancellationToken));

    private async Task RefusedAsync(string code, string path)
    {
        var refused = Assert.IsType<LibraryAnswer.Refused>(await AddAsync(path));
        Assert.Equal(code, refused.Code);
        Assert.DoesNotContain('\n', refused.Message);
    }
}
