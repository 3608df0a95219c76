using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Vitrine.Backends.Files;
using Vitrine.Core;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Files;

namespace Vitrine.Backends.Tests.Files;

/// <summary>A directory of a cache folder, or the folder itself, becomes a link between one call and the next: nothing behind the link is written or deleted.</summary>
public sealed partial class CacheSwapTests : IDisposable
{
    private const string Name = "ab/cd/k-7-1.webp";
    private static readonly Guid Marker = Guid.NewGuid();

    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-swap-").FullName;
    private readonly Telemetry _telemetry = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Lines _log = new();
    private readonly RefusedPaths _refused;
    private readonly FileDerivativeStore _store;

    public CacheSwapTests()
    {
        _refused = new(_telemetry, _time, _log);
        _store = new(null, _refused);
        _store.Create(Cache, Marker);
        Directory.CreateDirectory(Path.Combine(Theirs, "cd"));
        Directory.CreateDirectory(Path.Combine(Theirs, "7"));
        File.WriteAllText(Path.Combine(Theirs, "k-7-1.webp"), "theirs");
        File.WriteAllText(Path.Combine(Theirs, "cd/k-7-1.webp"), "theirs");
        File.WriteAllText(Path.Combine(Theirs, "7/k-7-1.webp"), "theirs");
        File.Copy(Path.Combine(Cache, MarkerFile.Name), Path.Combine(Theirs, MarkerFile.Name));
    }

    private string Cache => Path.Combine(_root, "cache");

    private string Theirs => Path.Combine(_root, "theirs");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        AssertUntouched();
        _telemetry.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Theory]
    [InlineData("ab"), InlineData("ab/cd"), InlineData("")]
    public async Task A_blob_is_neither_published_nor_deleted_nor_read_through_a_link(string swapped)
    {
        using var staged = await StageAsync();
        if (swapped.Length > 0) Directory.CreateDirectory(Path.Combine(Cache, swapped));
        Swap(swapped);
        Assert.Equal("path-refused", Assert.Throws<CacheFolderException>(staged.Publish).Code);
        Assert.Throws<CacheFolderException>(() => _store.Delete(Cache, Name));
        Assert.Throws<CacheFolderException>(() => _store.Open(Cache, Name));
        Assert.Equal(3, _telemetry.PathsRefused.Value);
        Restore(swapped);
        staged.Publish();
        Assert.True(_store.Delete(Cache, Name));
    }

    [Theory]
    [InlineData("tmp"), InlineData("tmp/7"), InlineData("")]
    public async Task Staging_neither_writes_nor_clears_through_a_link(string swapped)
    {
        var staged = await StageAsync();
        Swap(swapped);
        await Assert.ThrowsAsync<CacheFolderException>(StageAsync);
        Assert.Throws<CacheFolderException>(() => _store.DropStaged(Cache, new(7)));
        Assert.Throws<CacheFolderException>(staged.Publish);
        Assert.Throws<CacheFolderException>(staged.Dispose);
        Restore(swapped);
        staged.Dispose();
        _store.DropStaged(Cache, new(7));
        Assert.Empty(_store.Files(Cache));
    }

    [Fact]
    public async Task A_blob_that_became_a_link_is_not_deleted_and_its_target_stays()
    {
        using (var staged = await StageAsync()) staged.Publish();
        var path = Path.Combine(Cache, Name);
        File.Delete(path);
        File.CreateSymbolicLink(path, Path.Combine(Theirs, "k-7-1.webp"));
        Assert.Throws<CacheFolderException>(() => _store.Delete(Cache, Name));
        Assert.Throws<CacheFolderException>(() => _store.Open(Cache, Name));
    }

    [Fact]
    public void A_folder_that_became_a_link_is_not_ours_though_the_marker_is_there()
    {
        Swap("");
        Assert.Equal(FolderFault.NotOurs, _store.Probe(Cache, Marker).Fault);
        Assert.Throws<CacheFolderException>(() => _store.Create(Cache, Marker));
        Restore("");
        Assert.Equal(FolderFault.None, _store.Probe(Cache, Marker).Fault);
    }

    [Fact]
    public void A_refusal_is_counted_each_time_logged_once_a_minute_and_names_path_and_root_without_their_tricks()
    {
        for (var tries = 0; tries < 3; tries++) Assert.Throws<CacheFolderException>(() => _store.Delete(Cache, "../\u202Eforged\nwarn"));
        Assert.Equal([(190, $"Security: the path ../\\u202Eforged\\u000Awarn was refused beneath {Cache}: it could lead out.")], _log.All);
        Assert.Equal(3, _telemetry.PathsRefused.Value);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Throws<CacheFolderException>(() => _store.Delete(Cache, "../\u202Eforged\nwarn"));
        Assert.Equal(2, _log.All.Count);
        Assert.Equal([new(Cache, null)], _refused.TakeRoots());
        Assert.Empty(_refused.TakeRoots());
    }

    [Fact]
    public async Task While_a_directory_is_swapped_all_the_time_every_file_is_in_the_folder_or_nowhere()
    {
        Directory.CreateDirectory(Path.Combine(Cache, "ab"));
        Directory.CreateSymbolicLink(Path.Combine(_root, "link"), Theirs);
        using var stop = new CancellationTokenSource();
        var swapping = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested) Exchange(Path.Combine(Cache, "ab"), Path.Combine(_root, "link"));
        }, Cancellation);
        var published = 0;
        for (var number = 1; number <= 400; number++)
        {
            var name = $"ab/cd/k-9-{number}.webp";
            using var staged = await _store.StageAsync(Cache, new(9), name, new byte[] { 1 }, Cancellation);
            try
            {
                staged.Publish();
                published++;
            }
            catch (IOException)
            {
                // Refused, or its directory was away for a moment.
            }
        }
        await stop.CancelAsync();
        await swapping;
        var own = new DirectoryInfo(Path.Combine(Cache, "ab")).LinkTarget is null ? Path.Combine(Cache, "ab") : Path.Combine(_root, "link");
        Assert.Equal(published, Directory.GetFiles(own, "*", SearchOption.AllDirectories).Length);
    }

    /// <summary>Two names change places in one step.</summary>
    private static void Exchange(string one, string other) => Assert.Equal(0, Rename(-100, one, -100, other, 2));

    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(int directory, string path, int otherDirectory, string other, uint flags);

    private Task<StagedBlob> StageAsync() => _store.StageAsync(Cache, new(7), Name, new byte[] { 1, 2, 3 }, Cancellation);

    private void Swap(string name)
    {
        var path = Path.Combine(Cache, name).TrimEnd('/');
        Directory.Move(path, Path.Combine(_root, "away"));
        Directory.CreateSymbolicLink(path, Theirs);
    }

    private void Restore(string name)
    {
        var path = Path.Combine(Cache, name).TrimEnd('/');
        File.Delete(path);
        Directory.Move(Path.Combine(_root, "away"), path);
    }

    private void AssertUntouched()
    {
        Assert.Equal([MarkerFile.Name, "7/k-7-1.webp", "cd/k-7-1.webp", "k-7-1.webp"],
            Directory.GetFiles(Theirs, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Theirs, file)).Order(StringComparer.Ordinal));
    }

    private sealed class Lines : ILogger<RefusedPaths>
    {
        public List<(int Event, string Text)> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add((eventId.Id, formatter(state, exception)));
    }
}
