using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Core.Decoding;
using Vitrine.Imaging.Sources.Archives;

namespace Vitrine.Imaging.Sources.Zip;

/// <summary>
/// Reads a central directory, as it is written: raw names, flags, doubles, order. System.IO.Compression gives none of these, and
/// refuses whole archives for what is wrong with one entry; it inflates, and this reads the structure.
/// </summary>
internal static class ZipDirectory
{
    private const int RecordBytes = 46;
    private const uint Signature = 0x02014b50;
    private const int BufferBytes = 256 << 10;

    private const ushort Utf8Flag = 0x800;
    private const ushort UnicodePathField = 0x7075;

    /// <exception cref="RefusedException">The structure cannot be read, or there are too many entries.</exception>
    public static IReadOnlyList<ZipEntry> Read(SafeFileHandle file, long fileLength, DecodeLimits limits)
    {
        var end = ZipEnd.Find(file, fileLength);
        if (end.Length == 0) return [];
        var entries = new List<ZipEntry>();
        var seen = new Occurrences();
        var reader = new BufferedReader(file, end.Start, end.Start + end.Length);
        long nameBytes = 0, shift = 0;
        while (reader.Next(RecordBytes) is { IsEmpty: false } fixedPart && BinaryPrimitives.ReadUInt32LittleEndian(fixedPart) == Signature)
        {
            var (nameLength, extraLength, commentLength) = (Read16(fixedPart, 28), Read16(fixedPart, 30), Read16(fixedPart, 32));
            var record = reader.Next(RecordBytes + nameLength + extraLength);
            if (record.IsEmpty) break;
            nameBytes += nameLength;
            if (entries.Count == limits.MaxArchiveEntries || nameBytes > EntryRules.MaxNameBytes) throw EntryRules.TooManyEntries(limits);
            if (entries.Count == 0) shift = ShiftOf(file, record, extraLength, end.Shift);
            entries.Add(Parse(record, nameLength, shift, seen));
            reader.Skip(record.Length + commentLength);
        }
        if (entries.Count == 0) throw RefusedException.BadArchive("Its directory holds no entry.");
        NameTheOthers(entries);
        return entries;
    }

    /// <summary>Names that no flag and no field explains, and that are no UTF-8, are decoded together.</summary>
    private static void NameTheOthers(List<ZipEntry> entries)
    {
        var unnamed = Enumerable.Range(0, entries.Count).Where(i => entries[i].Name.Length == 0 && entries[i].RawName.Length > 0).ToList();
        foreach (var (i, name) in unnamed.Zip(EntryNames.DecodeAll([.. unnamed.Select(i => entries[i].RawName)]))) entries[i] = entries[i] with { Name = name };
    }

    /// <summary>By the flag, or the Unicode path field where it belongs to this name, or because the bytes are UTF-8; else empty.</summary>
    private static string NameOf(ReadOnlySpan<byte> name, ushort flags, ReadOnlySpan<byte> extra)
    {
        if ((flags & Utf8Flag) != 0) return Encoding.UTF8.GetString(name);
        return UnicodePath(name, extra) ?? EntryNames.Utf8(name) ?? "";
    }

    private static string? UnicodePath(ReadOnlySpan<byte> name, ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            var size = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (extra.Length < 4 + size) return null;
            var field = extra.Slice(4, size);
            extra = extra[(4 + size)..];
            if (id != UnicodePathField || size < 5 || field[0] != 1) continue;
            return BinaryPrimitives.ReadUInt32LittleEndian(field[1..]) == Crc32.Update(0, name) ? Encoding.UTF8.GetString(field[5..]) : null;
        }
        return null;
    }

    /// <summary>Where only the directory's own offset is wrong, the entries are where they say.</summary>
    private static long ShiftOf(SafeFileHandle file, ReadOnlySpan<byte> record, int extraLength, long shift) =>
        shift == 0 || ZipReader.HasEntryAt(file, Sizes(record, record[^extraLength..]).Offset + shift) ? shift : 0;

    private static ZipEntry Parse(ReadOnlySpan<byte> record, int nameLength, long shift, Occurrences seen)
    {
        var name = record.Slice(RecordBytes, nameLength).ToArray();
        var extra = record[(RecordBytes + nameLength)..];
        var flags = Read16(record, 8);
        var (packed, size, offset) = Sizes(record, extra);
        var madeOnUnix = record[5] == 3;
        var mode = madeOnUnix ? BinaryPrimitives.ReadUInt32LittleEndian(record[38..]) >> 16 : 0;
        return new(name, NameOf(name, flags, extra), seen.Of(name), flags, Read16(record, 10), BinaryPrimitives.ReadUInt32LittleEndian(record[16..]),
            packed, size, unchecked(offset + shift), mode);
    }

    /// <summary>The sizes and the offset, from the ZIP64 field where the record says so. What cannot be is negative, and refused later.</summary>
    private static (long Packed, long Size, long Offset) Sizes(ReadOnlySpan<byte> record, ReadOnlySpan<byte> extra)
    {
        var packed = (long)BinaryPrimitives.ReadUInt32LittleEndian(record[20..]);
        var size = (long)BinaryPrimitives.ReadUInt32LittleEndian(record[24..]);
        var offset = (long)BinaryPrimitives.ReadUInt32LittleEndian(record[42..]);
        if (packed != uint.MaxValue && size != uint.MaxValue && offset != uint.MaxValue) return (packed, size, offset);
        var field = Zip64Field(extra);
        if (size == uint.MaxValue) size = Take(ref field, size);
        if (packed == uint.MaxValue) packed = Take(ref field, packed);
        if (offset == uint.MaxValue) offset = Take(ref field, offset);
        return (packed, size, offset);
    }

    private static long Take(ref ReadOnlySpan<byte> field, long otherwise)
    {
        if (field.Length < 8) return otherwise;
        var value = BinaryPrimitives.ReadInt64LittleEndian(field);
        field = field[8..];
        return value;
    }

    private static ReadOnlySpan<byte> Zip64Field(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var size = Math.Min((int)Read16(extra, 2), extra.Length - 4);
            if (Read16(extra, 0) == 1) return extra.Slice(4, size);
            extra = extra[(4 + size)..];
        }
        return [];
    }

    private static ushort Read16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    /// <summary>A window that moves over the directory: a record is at most 46 + 3 x 65,535 bytes and always fits.</summary>
    private sealed class BufferedReader(SafeFileHandle file, long start, long end)
    {
        private readonly byte[] _buffer = new byte[BufferBytes];
        private long _fileAt = start;
        private int _at;
        private int _filled;

        /// <summary>The next bytes, without moving past them; empty where the directory ends before.</summary>
        public ReadOnlySpan<byte> Next(int count)
        {
            if (_filled - _at < count) Fill();
            return _filled - _at < count ? [] : _buffer.AsSpan(_at, count);
        }

        public void Skip(int count)
        {
            if (_filled - _at < count) Fill();
            _at = Math.Min(_at + count, _filled);
        }

        private void Fill()
        {
            _buffer.AsSpan(_at, _filled - _at).CopyTo(_buffer);
            (_filled, _at) = (_filled - _at, 0);
            while (_filled < _buffer.Length && _fileAt < end)
            {
                var got = RandomAccess.Read(file, _buffer.AsSpan(_filled, (int)Math.Min(_buffer.Length - _filled, end - _fileAt)), _fileAt);
                if (got == 0) return;
                (_filled, _fileAt) = (_filled + got, _fileAt + got);
            }
        }
    }
}
