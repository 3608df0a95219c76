using Vitrine.Backends.Files;
using Vitrine.Core.Derivatives;

namespace Vitrine.Backends.Tests.Files;

public sealed class FileDerivativeStoreReadTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-read-").FullName;
    private readonly FileDerivativeStore _store = new();

    public FileDerivativeStoreReadTests()
    {
        Directory.CreateDirectory(Cache);
        File.WriteAllText(Path.Combine(Cache, "a"), "ours");
    }

    private string Cache => Path.Combine(_root, "cache");

    public void Dispose()
    {
        Assert.Equal(0, OpenHere());
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public void Nothing_stays_open_behind_a_read()
    {
        for (var i = 0; i < 5; i++) Assert.Equal("ours", Read("a"));
        Assert.Equal(0, OpenHere());
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

    /// <summary>The way to a cache folder is its owner's choice: only from the folder on is a link refused.</summary>
    [Fact]
    public void A_folder_may_be_reached_through_a_link_and_a_file_of_it_may_not()
    {
        var way = Path.Combine(_root, "way");
        Directory.CreateSymbolicLink(way, _root);
        using (var stream = _store.Open(Path.Combine(way, "cache"), "a")) Assert.Equal("ours", new StreamReader(stream!).ReadToEnd());

        File.CreateSymbolicLink(Path.Combine(Cache, "b"), Path.Combine(Cache, "a"));
        Assert.Throws<CacheFolderException>(() => _store.Open(Cache, "b"));
        Assert.Throws<CacheFolderException>(() => _store.Open(Cache, "../cache/a"));
    }

    /// <summary>Beyond what needs no memory of its own on the way to the kernel.</summary>
    [Fact]
    public void Long_names_and_those_beyond_ASCII_are_read()
    {
        var name = string.Join('/', Enumerable.Repeat("ö" + new string('d', 100), 6));
        Directory.CreateDirectory(Path.Combine(Cache, Path.GetDirectoryName(name)!));
        File.WriteAllText(Path.Combine(Cache, name), "far");

        Assert.Equal("far", Read(name));
        Assert.Null(Read(name + "er"));
        Assert.Null(Read(Path.GetDirectoryName(name)!));
    }

    private string? Read(string name)
    {
        using var stream = _store.Open(Cache, name);
        return stream is null ? null : new StreamReader(stream).ReadToEnd();
    }

    /// <summary>Descriptors of this process that lead below the test's root.</summary>
    private int OpenHere() => Directory.GetFileSystemEntries("/proc/self/fd").Count(fd => new FileInfo(fd).LinkTarget?.StartsWith(_root, StringComparison.Ordinal) == true);
}
