using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.Win32.SafeHandles;
using Vitrine.Core.Jobs;

namespace Vitrine.Imaging.Sources.Zip;

/// <summary>Unpacks one entry into memory: counted while it comes, never by what the directory claims.</summary>
internal static class ZipReader
{
    private const uint LocalSignature = 0x04034b50;
    private const int ChunkBytes = 256 << 10;

    /// <exception cref="RefusedException">The method is not one of ours, or the bytes are not what the directory says.</exception>
    public static void Read(SafeFileHandle file, long fileLength, ZipEntry entry, OriginalBytes into, IReadHook? hook)
    {
        var start = DataStart(file, entry);
        if (start + entry.PackedSize > fileLength) throw RefusedException.Corrupt("The entry's bytes end with the file.");
        using var packed = new FilePart(file, start, entry.PackedSize);
        switch (entry.Method)
        {
            case ZipEntry.Stored:
                Copy(packed, entry, into, hook);
                break;
            case ZipEntry.Deflated:
                using (var inflated = new DeflateStream(packed, CompressionMode.Decompress)) Copy(inflated, entry, into, hook);
                break;
            default:
                throw RefusedException.Unsupported($"ZIP compression method {entry.Method} is not read here.");
        }
    }

    public static bool HasEntryAt(SafeFileHandle file, long offset)
    {
        Span<byte> signature = stackalloc byte[4];
        return offset >= 0 && RandomAccess.Read(file, signature, offset) == 4 && BinaryPrimitives.ReadUInt32LittleEndian(signature) == LocalSignature;
    }

    private static void Copy(Stream from, ZipEntry entry, OriginalBytes into, IReadHook? hook)
    {
        uint crc = 0;
        try
        {
            while (true)
            {
                // One byte more than claimed tells a size that lies; more than that never comes out.
                var wanted = (int)Math.Min(ChunkBytes, entry.Size + 1 - into.Length);
                if (wanted == 0) break;
                var room = into.Room(wanted);
                var got = from.Read(room);
                if (got == 0) break;
                crc = Crc32.Update(crc, room[..got]);
                into.Advance(got);
                hook?.OnBytes(into.Span);
            }
        }
        catch (InvalidDataException)
        {
            throw RefusedException.Corrupt("The entry's packed bytes cannot be unpacked.");
        }
        if (into.Length != entry.Size) throw RefusedException.Corrupt("The entry has another size than its archive says.");
        if (crc != entry.Crc) throw RefusedException.Corrupt("The entry's checksum is wrong.");
        if (entry.Size == 0) throw new RefusedException(Outcome.Failed, Reason.Empty, "The entry has no bytes.");
    }

    private static long DataStart(SafeFileHandle file, ZipEntry entry)
    {
        Span<byte> header = stackalloc byte[ZipRules.LocalHeaderBytes];
        if (RandomAccess.Read(file, header, entry.Offset) != header.Length || BinaryPrimitives.ReadUInt32LittleEndian(header) != LocalSignature)
            throw RefusedException.Corrupt("The entry is not where its archive says.");
        return entry.Offset + header.Length + BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
    }
}
