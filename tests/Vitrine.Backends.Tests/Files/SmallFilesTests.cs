using System.Runtime.InteropServices;
using Vitrine.Backends.Files;

namespace Vitrine.Backends.Tests.Files;

/// <summary>A small file of a cache folder in one step: all of it, or nothing that counts.</summary>
public sealed partial class SmallFilesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-small-").FullName;
    private readonly FileDerivativeStore _files = new();

    public SmallFilesTests()
    {
        Directory.CreateDirectory(Path.Combine(Cache, "ab"));
        File.WriteAllText(Path.Combine(Cache, "ab/c"), "ours");
    }

    private string Cache => Path.Combine(_root, "cache");

    public void Dispose()
    {
        Assert.DoesNotContain(Directory.EnumerateFiles("/proc/self/fd"), file => new FileInfo(file).LinkTarget?.StartsWith(_root, StringComparison.Ordinal) == true);
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public void It_is_read_whole_and_only_with_the_size_that_is_known()
    {
        Assert.Equal("ours", Read("ab/c", 4));
        Assert.Null(Read("ab/c", 3));
        Assert.Null(Read("ab/c", 5));
        File.WriteAllText(Path.Combine(Cache, "empty"), "");
        Assert.Equal("", Read("empty", 0));
        Assert.Null(Read("ab/c", 0));
    }

    [Fact]
    public void What_is_no_plain_file_of_the_folder_is_not_read()
    {
        Assert.Null(Read("ab/gone", 4));
        Assert.Null(Read("ab", 4));
        Assert.Null(Read("../cache/ab/c", 4));
        Assert.Equal(0, MakePipe(Path.Combine(Cache, "pipe"), 0x1A4));
        Assert.Null(Read("pipe", 4));
        File.CreateSymbolicLink(Path.Combine(Cache, "link"), Path.Combine(Cache, "ab/c"));
        Assert.Null(Read("link", 4));
        Directory.CreateSymbolicLink(Path.Combine(_root, "way"), Cache);
        Assert.False(_files.Read(Path.Combine(_root, "way"), "ab/c", new byte[4]));
        Assert.False(_files.Read("cache", "ab/c", new byte[4]));
    }

    private string? Read(string name, int size)
    {
        var bytes = new byte[size];
        return _files.Read(Cache, name, bytes) ? System.Text.Encoding.UTF8.GetString(bytes) : null;
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);
}
