using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Vitrine.Core.Jobs;

namespace Vitrine.Imaging.Sources.Zip;

/// <summary>What the end record of an archive says, checked against the file.</summary>
/// <param name="Count">Entries claimed: a hint, never a size to allocate.</param>
/// <param name="Start">Of the central directory, from the start of the file.</param>
/// <param name="Length">Bytes of the central directory.</param>
/// <param name="Shift">Bytes before the archive that its offsets do not count.</param>
internal readonly record struct ZipEnd(long Count, long Start, long Length, long Shift)
{
    private const int RecordBytes = 22;
    private const uint Signature = 0x06054b50;
    private const uint LocatorSignature = 0x07064b50;
    private const uint Zip64Signature = 0x06064b50;
    private const uint EntrySignature = 0x02014b50;

    /// <exception cref="RefusedException">There is no end record that fits the file.</exception>
    public static ZipEnd Find(SafeFileHandle file, long fileLength)
    {
        // The last bytes of a file may be a comment of at most 65,535 bytes, which may itself look like an end record.
        var tail = new byte[(int)Math.Min(fileLength, RecordBytes + ushort.MaxValue)];
        FileBytes.ReadExactly(file, tail, fileLength - tail.Length);
        ZipEnd? tolerable = null;
        for (var at = tail.Length - RecordBytes; at >= 0; at--)
        {
            if (Read32(tail, at) != Signature) continue;
            if (Check(file, tail.AsSpan(at), fileLength - tail.Length + at) is not { } end) continue;
            var comment = BinaryPrimitives.ReadUInt16LittleEndian(tail.AsSpan(at + 20));
            if (at + RecordBytes + comment == tail.Length) return end;
            tolerable ??= end;
        }
        return tolerable ?? throw RefusedException.BadArchive("It has no end record that fits the file.");
    }

    private static ZipEnd? Check(SafeFileHandle file, ReadOnlySpan<byte> record, long at)
    {
        var disk = BinaryPrimitives.ReadUInt16LittleEndian(record[4..]);
        var count = (long)BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        var length = (long)BinaryPrimitives.ReadUInt32LittleEndian(record[12..]);
        var start = (long)BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        if (count == ushort.MaxValue || length == uint.MaxValue || start == uint.MaxValue)
            (count, length, start) = Zip64(file, at) ?? (count, length, start);
        else if (disk != 0)
            throw new RefusedException(Outcome.Failed, Reason.MultiVolume, "It is one volume of several.");
        if (count < 0 || length < 0 || start < 0 || length > at) return null;
        if (length == 0) return count == 0 ? new(0, at, 0, 0) : null;
        if (start <= at - length && HasEntryAt(file, start)) return new(count, start, length, 0);
        // Bytes stand before the archive (a self-extractor's stub), or the offset is wrong: the directory ends where the end record begins.
        var actual = at - length;
        return HasEntryAt(file, actual) ? new(count, actual, length, actual - start) : null;
    }

    private static (long Count, long Length, long Start)? Zip64(SafeFileHandle file, long endAt)
    {
        Span<byte> locator = stackalloc byte[20];
        Span<byte> record = stackalloc byte[56];
        if (endAt < locator.Length + record.Length) return null;
        FileBytes.ReadExactly(file, locator, endAt - locator.Length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != LocatorSignature) return null;
        var at = BinaryPrimitives.ReadInt64LittleEndian(locator[8..]);
        if (at < 0 || at > endAt - record.Length) return null;
        FileBytes.ReadExactly(file, record, at);
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != Zip64Signature) return null;
        var count = BinaryPrimitives.ReadInt64LittleEndian(record[32..]);
        return (count, BinaryPrimitives.ReadInt64LittleEndian(record[40..]), BinaryPrimitives.ReadInt64LittleEndian(record[48..]));
    }

    private static bool HasEntryAt(SafeFileHandle file, long at)
    {
        Span<byte> signature = stackalloc byte[4];
        return RandomAccess.Read(file, signature, at) == 4 && BinaryPrimitives.ReadUInt32LittleEndian(signature) == EntrySignature;
    }

    private static uint Read32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
}
