using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Vitrine.Core.Decoding;
using Vitrine.Core.Libraries;
using Vitrine.Imaging.Sources.Archives;

namespace Vitrine.Imaging.Sources.Zip;

/// <summary>A ZIP or CBZ archive: its central directory, and the unpacking of its entries in place.</summary>
internal sealed class ZipReader(SafeFileHandle file, long fileLength, DecodeLimits limits) : IArchiveReader
{
    /// <summary>Bytes of a local header before its name.</summary>
    private const int LocalHeaderBytes = 30;

    private const uint LocalSignature = 0x04034b50;

    public ContainerKind Kind => ContainerKind.Zip;

    public IEnumerable<ArchiveEntry> Entries()
    {
        var entries = ZipDirectory.Read(file, fileLength, limits);
        var overlapping = Overlapping(entries);
        return entries.Select(entry => overlapping.Contains(entry) ? entry with { Overlaps = true } : entry);
    }

    public Stream Open(ArchiveEntry entry)
    {
        var zipped = (ZipEntry)entry;
        var start = DataStart(zipped);
        if (start + zipped.Packed > fileLength) throw RefusedException.Corrupt("The entry's bytes end with the file.");
        var packed = new FilePart(file, start, zipped.Packed);
        return ZipMethods.Open(packed, zipped);
    }

    public void Dispose() { }

    public static bool HasEntryAt(SafeFileHandle file, long offset)
    {
        Span<byte> signature = stackalloc byte[4];
        return offset >= 0 && RandomAccess.Read(file, signature, offset) == 4 && BinaryPrimitives.ReadUInt32LittleEndian(signature) == LocalSignature;
    }

    /// <summary>
    /// Entries whose packed bytes lie within those of another. A few bytes that are told as thousands of entries are a bomb; the
    /// first entry of each place stays readable.
    /// </summary>
    private static HashSet<ZipEntry> Overlapping(IReadOnlyList<ZipEntry> entries)
    {
        var overlapping = new HashSet<ZipEntry>(ReferenceEqualityComparer.Instance);
        long end = 0;
        foreach (var entry in entries.OrderBy(e => e.Offset))
        {
            if (entry.Offset < end) overlapping.Add(entry);
            else end = entry.Offset + LocalHeaderBytes + entry.RawName.Length + Math.Max(0, Math.Min(entry.Packed, long.MaxValue / 4));
        }
        return overlapping;
    }

    private long DataStart(ZipEntry entry)
    {
        Span<byte> header = stackalloc byte[LocalHeaderBytes];
        if (RandomAccess.Read(file, header, entry.Offset) != header.Length || BinaryPrimitives.ReadUInt32LittleEndian(header) != LocalSignature)
            throw RefusedException.Corrupt("The entry is not where its archive says.");
        return entry.Offset + header.Length + BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
    }
}
