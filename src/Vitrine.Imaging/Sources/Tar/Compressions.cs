using System.IO.Compression;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.ZStandard;
using Vitrine.Imaging.Sources.Archives;
using Mode = SharpCompress.Compressors.CompressionMode;

namespace Vitrine.Imaging.Sources.Tar;

/// <summary>What a tar may be packed in, told by its first bytes.</summary>
internal static class Compressions
{
    private static readonly (byte[] Magic, Func<Stream, Stream> Open)[] All =
    [
        ([0x1f, 0x8b, 8], packed => new GZipStream(packed, CompressionMode.Decompress)),
        ([.. "BZh"u8], packed => BZip2Stream.Create(packed, Mode.Decompress, decompressConcatenated: true)),
        ([0xfd, .. "7zXZ"u8, 0], LiblzmaStream.Xz),
        ([0x28, 0xb5, 0x2f, 0xfd], packed => new DecompressionStream(packed)),
    ];

    /// <summary>Null where the bytes are none of these.</summary>
    public static Func<Stream, Stream>? Of(ReadOnlySpan<byte> start)
    {
        foreach (var (magic, open) in All)
            if (start.StartsWith(magic)) return open;
        return null;
    }
}
