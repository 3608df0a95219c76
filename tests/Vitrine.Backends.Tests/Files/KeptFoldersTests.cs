using Microsoft.Extensions.Time.Testing;
using Vitrine.Backends.Files;
using Vitrine.Core.Derivatives;

namespace Vitrine.Backends.Tests.Files;

public sealed class KeptFoldersTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-kept-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly KeptFolders _kept;
    private readonly FileDerivativeStore _store;

    public KeptFoldersTests()
    {
        _kept = new(_time);
        _store = new(kept: _kept);
        Directory.CreateDirectory(Cache);
        File.WriteAllText(Path.Combine(Cache, "a"), "ours");
    }

    private string Cache => Path.Combine(_root, "cache");

    public void Dispose()
    {
        _kept.Dispose();
        Assert.Equal(0, OpenHere());
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public void A_folder_is_opened_once_and_let_go_after_a_second()
    {
        for (var i = 0; i < 5; i++) Read("a");
        Assert.Equal(1, OpenHere());

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, OpenHere());

        Assert.Equal("ours", Read("a"));
        Assert.Equal(1, OpenHere());
    }

    /// <summary>As an unplugged disk, and one that is mounted over another.</summary>
    [Fact]
    public void What_takes_a_folders_place_is_read_at_once_and_a_link_never()
    {
        Read("a");
        Directory.Move(Cache, Cache + "-away");
        Directory.CreateDirectory(Cache);
        File.WriteAllText(Path.Combine(Cache, "a"), "new");
        Assert.Equal("new", Read("a"));

        Directory.Delete(Cache, recursive: true);
        Assert.Null(_store.Open(Cache, "a"));
        Directory.CreateSymbolicLink(Cache, Cache + "-away");
        Assert.Throws<CacheFolderException>(() => _store.Open(Cache, "a"));
    }

    [Fact]
    public async Task Readers_and_the_end_of_a_second_do_not_meet()
    {
        using var stop = new CancellationTokenSource();
        var reads = 0;
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (; !stop.IsCancellationRequested; Interlocked.Increment(ref reads)) Assert.Equal("ours", Read("a"));
        }, TestContext.Current.CancellationToken)).ToList();
        while (Volatile.Read(ref reads) < 2_000 && !readers.Any(reader => reader.IsFaulted)) _time.Advance(TimeSpan.FromSeconds(1));
        await stop.CancelAsync();

        await Task.WhenAll(readers);
    }

    private string? Read(string name)
    {
        using var stream = _store.Open(Cache, name);
        return stream is null ? null : new StreamReader(stream).ReadToEnd();
    }

    /// <summary>Descriptors of this process that lead below the test's root.</summary>
    private int OpenHere() => Directory.GetFileSystemEntries("/proc/self/fd").Count(fd => new FileInfo(fd).LinkTarget?.StartsWith(_root, StringComparison.Ordinal) == true);
}
