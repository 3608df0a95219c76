using System.Buffers.Binary;
using System.IO.Compression;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.Deflate64;
using SharpCompress.Compressors.LZMA;
using SharpCompress.Compressors.PPMd;
using SharpCompress.Compressors.ZStandard;
using Vitrine.Imaging.Sources.Archives;
using Mode = SharpCompress.Compressors.CompressionMode;

namespace Vitrine.Imaging.Sources.Zip;

/// <summary>The compression methods of a ZIP entry: the framework's Deflate, which is the fastest here, and what SharpCompress has beside it.</summary>
internal static class ZipMethods
{
    private const ushort Stored = 0, Deflate = 8, Deflate64 = 9, BZip2 = 12, Lzma = 14, ZStandard = 93, Xz = 95, Ppmd = 98;

    /// <summary>With LZMA: the packed bytes end with a mark, and the size is not part of them.</summary>
    private const ushort EndMarkFlag = 2;

    /// <exception cref="RefusedException">The method is not one of these.</exception>
    public static Stream Open(FilePart packed, ZipEntry entry)
    {
        try
        {
            return entry.Method switch
            {
                Stored => packed,
                Deflate => new DeflateStream(packed, CompressionMode.Decompress),
                Deflate64 => new Deflate64Stream(packed, Mode.Decompress),
                BZip2 => BZip2Stream.Create(packed, Mode.Decompress, decompressConcatenated: false),
                Lzma => OpenLzma(packed, entry),
                ZStandard => new DecompressionStream(packed),
                Xz => LiblzmaStream.Xz(packed),
                Ppmd => OpenPpmd(packed),
                _ => throw RefusedException.Unsupported($"ZIP compression method {entry.Method} is not read here."),
            };
        }
        catch (Exception broken) when (ArchiveFaults.IsBroken(broken))
        {
            throw RefusedException.Corrupt("The entry's packed bytes do not begin as its method has them.");
        }
    }

    /// <summary>Before the packed bytes: the version of the writer, the length of the properties, and these.</summary>
    private static LzmaStream OpenLzma(FilePart packed, ZipEntry entry)
    {
        Span<byte> header = stackalloc byte[4];
        packed.ReadExactly(header);
        var properties = new byte[Math.Min((int)BinaryPrimitives.ReadUInt16LittleEndian(header[2..]), 64)];
        packed.ReadExactly(properties);
        var size = (entry.Flags & EndMarkFlag) != 0 ? -1 : entry.Size;
        return LzmaStream.Create(properties, packed, entry.Packed - header.Length - properties.Length, size);
    }

    private static PpmdStream OpenPpmd(FilePart packed)
    {
        var properties = new byte[2];
        packed.ReadExactly(properties);
        return PpmdStream.Create(new PpmdProperties(properties), packed, compress: false);
    }
}
