using System.Runtime.InteropServices;
using System.Text;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Imaging.Sources;

namespace Vitrine.Tests.Imaging;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed partial class DirectoryListTests : IDisposable
{
    private readonly TestRoot _root = new();
    private readonly LoopClient _client = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Images_and_containers_come_in_natural_order()
    {
        foreach (var name in new[] { "10.jpg", "2.jpg", "1.JPG", "x100000000000000000000000.png", "x99999999999999999999999.png", "b.cbz", "notes.txt" }) _root.Put(name, [1]);
        _root.Put("Sub/3.gif", [1]);
        var listing = _client.List(_root.Place());
        Assert.Equal(["1.JPG", "2.jpg", "10.jpg", "x99999999999999999999999.png", "x100000000000000000000000.png"], listing.Names);
        Assert.Equal([(ContainerKind.Zip, "b"), (ContainerKind.Directory, "Sub")], listing.Containers.Select(c => (c.Kind, c.Name)));
        Assert.Null(listing.End.Reason);
        Assert.NotNull(listing.End.Version);
        Assert.Equal(1, listing.End.Opened);
    }

    [Fact]
    public void Keys_order_as_their_names()
    {
        string[] ordered = ["a/1", "a/2", "a 1", "a01", "a1", "A2", "a10", "b", "\u00e9"];
        var keys = ordered.Select(n => Convert.ToHexString(NaturalKey.Of(n, Encoding.UTF8.GetBytes(n)))).ToList();
        Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
    }

    [Fact]
    public void A_version_is_size_time_in_ns_and_inode()
    {
        var path = _root.Put("a.jpg", [1, 2, 3]);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddTicks(12_345_678_901_234_567));
        var image = _client.List(_root.Place()).Images.Single();
        Assert.Equal((3L, 1_234_567_890_123_456_700L), (image.Version.Size, image.Version.Stamp));
        Assert.NotEqual(0, image.Version.Inode);
        Assert.True(image.NewestNs > image.Version.Stamp);
    }

    [Fact]
    public void Noise_links_and_pipes_are_passed_over()
    {
        foreach (var name in new[] { ".hidden.jpg", "._a.jpg", "__MACOSX/a.jpg", "@eaDir/a.jpg", "#recycle/a.jpg", "lost+found/a.jpg", "Thumbs.db", "desktop.ini" }) _root.Put(name, [1]);
        _root.Put("kept.jpg", [1]);
        File.CreateSymbolicLink(Path.Combine(_root.Path, "link.jpg"), "kept.jpg");
        Directory.CreateSymbolicLink(Path.Combine(_root.Path, "loop"), ".");
        Assert.Equal(0, MakeFifo(Path.Combine(_root.Path, "pipe.jpg"), 0x1b6));
        var listing = _client.List(_root.Place());
        Assert.Equal(["kept.jpg"], listing.Names);
        Assert.Empty(listing.Containers);
    }

    [Fact]
    public void Names_are_bytes()
    {
        byte[] odd = [.. "bad"u8, 0xff, 0xfe, .. ".jpg"u8];
        var longName = new string('n', 251) + ".jpg";
        _root.Put(longName, Pictures.Jpeg(20, 10));
        _root.Put("new\nline.jpg", Pictures.Jpeg(20, 10));
        byte[] path = [.. Encoding.UTF8.GetBytes(_root.Path), (byte)'/', .. odd];
        WriteRaw(path, Pictures.Jpeg(20, 10));
        var images = _client.List(_root.Place()).Images;
        Assert.Equal(3, images.Count);
        Assert.Contains(images, i => i.RawName.SequenceEqual(odd));
        Assert.Contains(images, i => i.RawName.Length == 255);
        Assert.All(_client.Derive(_root.Place(), images, LoopClient.Usual), a => Assert.Equal(Outcome.Done, a.End.Outcome));
        // .NET lists this name and then does not find it.
        Assert.Equal(0, Unlink([.. path, 0]));
    }

    [Fact]
    public void Ignore_files_and_exclusions_leave_out_and_take_back()
    {
        foreach (var name in new[] { "a.jpg", "raw.png", "sub/b.jpg", "sub/keep.png", "sub/c.png", "out/d.jpg", "deep/out/e.jpg" }) _root.Put(name, [1]);
        _root.Put(".vitrineignore", "*.png\n# a comment\nout/\n[\n"u8.ToArray());
        _root.Put("sub/.vitrineignore", "!keep.png\n"u8.ToArray());
        Assert.Equal(["a.jpg"], _client.List(_root.Place()).Names);
        Assert.Equal(["deep", "sub"], _client.List(_root.Place()).Containers.Select(c => c.Name));
        Assert.Equal(["b.jpg", "keep.png"], _client.List(_root.Place("sub")).Names);
        Assert.Empty(_client.List(_root.Place("deep")).Containers);
        Assert.Empty(_client.List(_root.Place("out")).Images);
        Assert.Equal(["keep.png"], _client.List(_root.Place("sub"), "sub/b*").Names);
    }

    [Fact]
    public void A_cache_folder_of_ours_is_never_a_source()
    {
        _root.Put("cache/a.jpg", [1]);
        _root.Put("cache/.vitrine-cache.json", "{}"u8.ToArray());
        _root.Put("cache/below/b.jpg", [1]);
        Assert.Empty(_client.List(_root.Place()).Containers);
        Assert.Empty(_client.List(_root.Place("cache")).Images);
        Assert.Empty(_client.List(_root.Place("cache/below")).Images);
    }

    [Fact]
    public void What_is_not_there_or_leads_out_is_a_named_end()
    {
        _root.Put("file.jpg", [1]);
        Directory.CreateSymbolicLink(Path.Combine(_root.Path, "out"), "/");
        Assert.Equal(Reason.SourceMissing, _client.List(_root.Place("nowhere")).End.Reason);
        Assert.Equal(Reason.SourceLink, _client.List(_root.Place("out")).End.Reason);
        Assert.Equal(Reason.SourceLink, _client.List(_root.Place("out/etc")).End.Reason);
        Assert.Equal(Reason.UnsafeName, _client.List(_root.Place("a/../..")).End.Reason);
        Assert.Equal(Reason.SourceMissing, _client.List(_root.Place("file.jpg")).End.Reason);
        Assert.Equal(0, _client.List(_root.Place("nowhere")).End.Opened);
    }

    [Fact]
    public void An_unreadable_directory_is_the_end_of_itself_only()
    {
        _root.Put("shut/a.jpg", [1]);
        var shut = Path.Combine(_root.Path, "shut");
        File.SetUnixFileMode(shut, UnixFileMode.None);
        Assert.Single(_client.List(_root.Place()).Containers);
        // Root may read everything; then there is nothing to refuse.
        if (Environment.UserName != "root") Assert.Equal(Reason.SourceUnreadable, _client.List(_root.Place("shut")).End.Reason);
        File.SetUnixFileMode(shut, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void More_names_than_the_limit_is_a_named_end()
    {
        for (var i = 0; i < 12; i++) _root.Put($"{i}.jpg", [1]);
        var end = new LoopClient { Limits = new() { MaxDirectoryEntries = 10 } }.List(_root.Place()).End;
        Assert.Equal((Reason.TooManyEntries, null), (end.Reason, end.Version));
    }

    [Fact]
    public void A_large_directory_comes_in_groups()
    {
        for (var i = 0; i < 250; i++) _root.Put($"{i}.jpg", [1]);
        var frames = _client.Ask(new ListRequest(_root.Place(), [], new(), 100));
        Assert.Equal([100, 100, 50], frames.Select(f => f.Message).OfType<Listed>().Select(g => g.Images.Count));
    }

    [Fact]
    public void A_directory_that_lists_what_is_recorded_is_the_same()
    {
        _root.Put("1.jpg", [1]);
        _root.Put("b.cbz", [1]);
        _root.Put("sub/2.jpg", [1]);
        _root.Put("notes.txt", [1]);
        var digest = _client.List(_root.Place()).End.Digest!;

        Assert.True(IsSame(digest));
        _root.Put("sub/3.jpg", [1]); // What is in a directory below has a digest of its own.
        _root.Put("notes.txt", [1, 2]); // It is only counted.
        Assert.True(IsSame(digest));
    }

    [Theory]
    [InlineData("added.jpg", 1)]
    [InlineData("1.jpg", 2)]
    [InlineData("b.cbz", 2)]
    [InlineData("another/2.jpg", 1)]
    [InlineData(".vitrineignore", 5)]
    [InlineData("video.mp4", 1)]
    public void What_is_listed_otherwise_has_another_digest(string changed, int bytes)
    {
        _root.Put("1.jpg", [1]);
        _root.Put("b.cbz", [1]);
        var digest = _client.List(_root.Place()).End.Digest!;

        _root.Put(changed, Encoding.UTF8.GetBytes("*.jpg"[..bytes]));

        Assert.False(IsSame(digest));
        Assert.NotEqual(digest, _client.List(_root.Place()).End.Digest);
    }

    [Fact]
    public void Of_many_directories_each_is_compared_for_itself()
    {
        foreach (var name in (string[])["a", "b", "c", "d"]) _root.Put($"{name}/1.jpg", [1]);
        var asked = _client.List(_root.Place()).Containers.Select(found => new RecordedListing(found.RawName, _client.List(_root.Place(Encoding.UTF8.GetString(found.RawName))).End.Digest!)).ToList();
        _root.Put("b/2.jpg", [1]);
        Directory.Delete(Path.Combine(_root.Path, "c"), recursive: true);

        Assert.Equal([0, 3], Same([.. asked, new("../away"u8.ToArray(), new byte[32])]));
    }

    private bool IsSame(byte[] digest) => Same([new([], digest)]).Count > 0;

    private IReadOnlyList<int> Same(IReadOnlyList<RecordedListing> directories) =>
        _client.Ask(new CompareRequest(_root.Path, directories, [], new())).Select(frame => frame.Message).OfType<CompareEnd>().Single().Same;

    private static void WriteRaw(byte[] path, byte[] content)
    {
        var descriptor = Open([.. path, 0], 0x41, 0x1a4);
        Assert.True(descriptor >= 0);
        using var file = new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, true), FileAccess.Write);
        file.Write(content);
    }

    [LibraryImport("libc", EntryPoint = "open")]
    private static partial int Open(byte[] path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "unlink")]
    private static partial int Unlink(byte[] path);

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, int mode);
}
