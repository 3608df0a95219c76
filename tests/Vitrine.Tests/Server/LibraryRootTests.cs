using System.Net;
using System.Net.Http.Json;
using System.Text;
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

    /// <summary>One that cannot be a library keeps no other from being one.</summary>
    [Fact]
    public async Task Each_folder_in_one_becomes_a_library_where_its_name_fits()
    {
        foreach (var name in new[] { "Vol 2", "vol 1", "other", ".vol hidden" }) Directory.CreateDirectory(Path.Combine(Pictures, name));
        Directory.CreateSymbolicLink(Path.Combine(Pictures, "vol link"), Path.Combine(Pictures, "other"));
        await File.WriteAllTextAsync(Path.Combine(Pictures, "vol file"), "");

        Assert.Equal([("Vol 2", null), ("vol 1", null)], await AddManyAsync(new { below = Pictures, match = "vol*" }));
        Assert.Equal(
            [("Vol 2", LibraryAnswer.Known), ("inner", null), ("other", null), ("vol 1", LibraryAnswer.Known)],
            await AddManyAsync(new { below = Pictures }));
        Assert.Equal([("nothing", "missing")], await AddManyAsync(new { roots = new[] { Path.Combine(Pictures, "nothing"), Path.Combine(Pictures, "left-out") }, match = "not?ing" }));
        var libraries = await Answers.JsonAsync(await _server.Socket.GetAsync("/api/v1/libraries", TestContext.Current.CancellationToken));
        Assert.Superset(new HashSet<string> { "Vol 2", "vol 1", "inner", "other" }, libraries.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()!).ToHashSet());
    }

    [Fact]
    public async Task A_request_for_many_libraries_says_what_is_wrong_with_it()
    {
        foreach (var i in Enumerable.Range(0, 101)) Directory.CreateDirectory(Path.Combine(Pictures, $"{i:000}"));
        foreach (var (body, code) in new (object, string)[]
        {
            (new { }, "bad-request"), (new { roots = new string?[] { null } }, "bad-request"), (new { below = Pictures, roots = new[] { Pictures } }, "bad-request"), (new { below = Pictures }, "bad-request"),
            (new { below = Pictures, match = new string('*', 201) }, "bad-request"), (new { below = "pictures" }, "path-refused"), (new { below = "/nowhere" }, "path-refused"),
        })
        {
            var answer = await _server.Socket.PostAsJsonAsync("/api/v1/libraries/batch", body, TestContext.Current.CancellationToken);
            await Answers.IsProblemAsync(answer, HttpStatusCode.BadRequest, code);
        }
        Assert.Equal(2, (await AddManyAsync(new { below = Pictures, match = "00?", exclude = new[] { "*.gif" } })).Count(added => added.Name is "000" or "001"));
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

    /// <summary>Its size is not known then: that it is there is asked all the same.</summary>
    [Fact]
    public async Task A_folder_without_the_archive_that_is_being_listed_is_another_library()
    {
        var library = Assert.IsType<LibraryAnswer.Stored>(await AddAsync(Pictures)).Library;
        await ListArchiveAsync("a.cbz");
        var (moved, other) = (Directory.CreateDirectory(Pictures + "-moved").FullName, Directory.CreateDirectory(Pictures + "-other").FullName);
        await File.WriteAllTextAsync(Path.Combine(moved, "a.cbz"), "any");
        var checks = _server.Services.GetRequiredService<RootChecks>();

        Assert.IsType<RootAnswer.Fits>(await checks.CheckMovedAsync(moved, library.Id, force: false, TestContext.Current.CancellationToken));
        Assert.Equal("other-library", Assert.IsType<RootAnswer.Refused>(await checks.CheckMovedAsync(other, library.Id, force: false, TestContext.Current.CancellationToken)).Code);
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

    private async Task<IReadOnlyList<(string Name, string? Code)>> AddManyAsync(object body)
    {
        var answer = await _server.Socket.PostAsJsonAsync("/api/v1/libraries/batch", body, TestContext.Current.CancellationToken);
        return [.. (await Answers.JsonAsync(answer)).GetProperty("items").EnumerateArray().Select(item => (Path.GetFileName(item.GetProperty("root").GetString()!), item.GetProperty("code").GetString()))];
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

    /// <summary>The first group of its listing is written, and not its end.</summary>
    private async Task ListArchiveAsync(string name)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (batches, libraries) = (_server.Services.GetRequiredService<IBatchStore>(), _server.Services.GetRequiredService<ILibraryStore>());
        var bytes = Encoding.UTF8.GetBytes(name);
        var root = (await batches.LeaseAsync(new("node"), cancellation))!;
        await libraries.ApplyAsync(root, new(root.Collection, [], [new(ContainerKind.Zip, SourcePath.FromBytes(bytes), name, bytes, new(1, 1, 1))], true, Last: true, Version: new(1, 1, 1)), cancellation);
        await _server.Services.GetRequiredService<ILedger>().CommitAsync(root, [new(root.Items[0].Item, Outcome.Done)], cancellation);
        var archive = (await batches.LeaseAsync(new("node"), cancellation))!;
        await libraries.ApplyAsync(archive, new(archive.Collection, [new(RawName.FromText("1.jpg"), 0, "1.jpg", [1], new(1, 1, 1))], [], true), cancellation);
    }
}
