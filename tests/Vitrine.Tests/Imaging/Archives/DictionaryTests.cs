using System.Buffers.Binary;
using Vitrine.Archives;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Imaging.Archives;

/// <summary>A few bytes can claim a dictionary of 4 GiB: a refusal with a name, by a decoder that lives on under its limits.</summary>
public sealed class DictionaryTests : IDisposable
{
    private static readonly string[] Named = [Reason.OutOfMemory, Reason.ArchiveCorrupt, Reason.Corrupt];

    private readonly TestRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public Task A_7z_whose_list_claims_it_is_refused() => RefusedAsync(Claiming("solid-lzma2.7z", bytes =>
    {
        // The list of entries is packed itself, with LZMA: its properties stand in the open part at the end.
        ReadOnlySpan<byte> lzma = [0x03, 0x01, 0x01, 0x05, 0x5d];
        bytes.AsSpan(bytes.AsSpan().LastIndexOf(lzma) + lzma.Length, 4).Fill(0xff);
        var at = 32 + (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(12));
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(20));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(28), SevenZipBuilder.Crc(bytes[at..(at + length)]));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), SevenZipBuilder.Crc(bytes[12..32]));
    }));

    [Fact]
    public Task A_tar_in_xz_that_claims_it_is_refused() => RefusedAsync(Claiming("three.tar.xz", bytes =>
    {
        // Behind the stream's header of twelve bytes: the block's, whose only filter is LZMA2 with one byte that stands for the dictionary, 40 for 4 GiB.
        var length = (bytes[12] * 4) + 4;
        ReadOnlySpan<byte> lzma2 = [0x21, 0x01];
        bytes[12 + bytes.AsSpan(12, length).IndexOf(lzma2) + lzma2.Length] = 40;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12 + length - 4), SevenZipBuilder.Crc(bytes[12..(8 + length)]));
    }));

    [Fact]
    public Task A_zip_whose_entries_claim_it_is_refused_entry_by_entry() => RefusedAsync(Claiming("lzma.zip", bytes =>
    {
        ReadOnlySpan<byte> head = [0x05, 0x00, 0x5d];
        for (var at = 0; bytes.AsSpan(at).IndexOf(head) is var found and >= 0;)
        {
            at += found + head.Length;
            bytes.AsSpan(at, 4).Fill(0xff);
        }
    }));

    private async Task RefusedAsync(byte[] archive)
    {
        _root.Put("good.cbz", ArchiveTests.Fixture("lzma.zip"));
        _root.Put("a.cbz", archive);
        using var child = await ChildDecoder.StartAsync("Vitrine.Decoder");

        Assert.All(await ReasonsAsync(child, "a.cbz"), reason => Assert.Contains(reason, Named));
        Assert.All(await ReasonsAsync(child, "good.cbz"), Assert.Null);
    }

    /// <summary>Of the listing where nothing could be listed, else of each item.</summary>
    private async Task<IReadOnlyList<string?>> ReasonsAsync(ChildDecoder child, string name)
    {
        var place = _root.Place(name, ContainerKind.Zip);
        var (listed, died) = await child.AskAsync<ListEnd>(new ListRequest(place, [], new(), 100));
        Assert.False(died);
        var images = listed.Select(frame => frame.Message).OfType<Listed>().SelectMany(group => group.Images).ToList();
        if (images.Count == 0) return [((ListEnd)listed[^1].Message).Reason];

        var items = images.Select((image, i) => new DeriveItem(i, image.RawName, image.Occurrence, image.Version, [Preset.Thumbnail])).ToList();
        (var answers, died) = await child.AskAsync<DeriveEnd>(new DeriveRequest(place, items, new(), false));
        Assert.False(died);
        return ((DeriveEnd)answers[^1].Message).Reason is { } reason ? [reason] : [.. answers.Select(frame => frame.Message).OfType<EndItem>().Select(end => end.Reason)];
    }

    private static byte[] Claiming(string fixture, Action<byte[]> change)
    {
        var bytes = ArchiveTests.Fixture(fixture);
        change(bytes);
        return bytes;
    }
}
