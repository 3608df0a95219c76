using Vitrine.Imaging.Native;
using Vitrine.Imaging.Sources;
using Vitrine.Imaging.Sources.Archives;
using Vitrine.Imaging.Sources.SevenZip;

namespace Vitrine.Tests.Imaging.Archives;

/// <summary>Blocks of LZMA and LZMA2 are unpacked by the system's liblzma, and say the same as the library that unpacks the others.</summary>
public sealed class SevenZipTests : IDisposable
{
    private readonly TestRoot _root = new();

    public void Dispose() => _root.Dispose();

    /// <param name="unpacked">So many of its files are in blocks of LZMA or LZMA2 alone.</param>
    [Theory]
    [InlineData("solid-lzma2.7z", 3), InlineData("solid-lzma.7z", 3), InlineData("each-lzma2.7z", 4), InlineData("mixed.7z", 2), InlineData("ppmd.7z", 0)]
    public void Files_of_LZMA_blocks_are_what_the_library_makes_of_them(string fixture, int unpacked)
    {
        Assert.SkipUnless(Lzma.IsThere, "This machine has no liblzma.so.5.");
        _root.Put("a.7z", ArchiveTests.Fixture(fixture));
        using var reader = Open("a.7z");
        var files = reader.Entries().Cast<SevenZipEntry>().Where(entry => entry.Number > 0).ToList();
        using var handle = File.OpenHandle(System.IO.Path.Combine(_root.Path, "a.7z"));
        using var blocks = SevenZipBlocks.Of(handle, Meter(1000), files.Select(file => (file.Number, file.Size)))!;

        var compared = 0;
        // Forwards, and then back to the start of each block.
        foreach (var file in files.Concat(Enumerable.Reverse(files)))
        {
            using var fast = blocks.Open(file.Number, file.Size);
            if (fast is null) continue;
            using var library = file.Within.OpenEntryStream();
            Assert.Equal(All(library), All(fast));
            compared++;
        }
        Assert.Equal(2 * unpacked, compared);
    }

    [Fact]
    public void An_archive_of_several_methods_is_read_whole()
    {
        _root.Put("a.7z", ArchiveTests.Fixture("mixed.7z"));
        using var reader = Open("a.7z");

        foreach (var entry in reader.Entries())
        {
            var bytes = new OriginalBytes();
            using (bytes) EntryBytes.Copy(reader.Open(entry), entry, bytes, null);
        }
    }

    /// <summary>What is passed over counts as what is wanted does: a bomb cannot stand before the picture.</summary>
    [Fact]
    public void What_is_unpacked_on_the_way_to_an_entry_is_counted()
    {
        Assert.SkipUnless(Lzma.IsThere, "This machine has no liblzma.so.5.");
        _root.Put("a.7z", ArchiveTests.Fixture("solid-lzma2.7z"));
        using var reader = Open("a.7z");
        var files = reader.Entries().Cast<SevenZipEntry>().Where(entry => entry.Number > 0).ToList();
        using var handle = File.OpenHandle(System.IO.Path.Combine(_root.Path, "a.7z"));
        using var blocks = SevenZipBlocks.Of(handle, new(1, new() { MaxRatio = (int)files[0].Size }, () => { }), files.Select(file => (file.Number, file.Size)))!;

        Assert.Equal(files[0].Size, All(blocks.Open(1, files[0].Size)!).Length);
        Assert.Equal(Vitrine.Core.Jobs.Reason.RatioTooHigh, Assert.Throws<RefusedException>(() => blocks.Open(3, files[2].Size)).Reason);
    }

    /// <summary>The bytes are a stranger's: what cannot be is said in one way, and nothing that they claim is taken for granted.</summary>
    [Theory]
    [InlineData("solid-lzma2.7z"), InlineData("each-lzma2.7z"), InlineData("mixed.7z"), InlineData("stored")]
    public void A_changed_header_ends_in_blocks_or_in_invalid_data(string fixture)
    {
        var good = fixture == "stored" ? ArchiveTests.Build("7z", [("a.jpg", new byte[90]), ("b.jpg", new byte[80])]) : ArchiveTests.Fixture(fixture);
        var start = 32 + (int)BitConverter.ToInt64(good, 12);
        var refused = 0;
        foreach (var at in Enumerable.Range(12, 16).Concat(Enumerable.Range(start, good.Length - start)))
        {
            foreach (var change in new byte[] { 1, 0x55, 0x80, 0xff })
            {
                var bytes = (byte[])good.Clone();
                bytes[at] ^= change;
                _root.Put("a.7z", bytes);
                using var file = File.OpenHandle(System.IO.Path.Combine(_root.Path, "a.7z"));
                var failure = Record.Exception(() => SevenZipHeader.BlocksOf(file));
                if (failure is null) continue;
                Assert.True(ArchiveFaults.IsBroken(failure) || failure is RefusedException, failure.ToString());
                refused++;
            }
        }
        Assert.True(refused > 0);
    }

    private SevenZipReader Open(string name)
    {
        var file = new FileStream(File.OpenHandle(System.IO.Path.Combine(_root.Path, name)), FileAccess.Read);
        return new(file, isFirstVolume: false, Meter(file.Length));
    }

    private static PassMeter Meter(long archiveBytes) => new(archiveBytes, new() { MaxRatio = 10_000 }, () => { });

    private static byte[] All(Stream from)
    {
        using var bytes = new MemoryStream();
        from.CopyTo(bytes);
        return bytes.ToArray();
    }
}
