using System.Text;

namespace Vitrine.Archives;

/// <summary>Writes 7z archives whose bytes are only copied, in one block (solid) or in one for each file: as any program reads them, and without one.</summary>
internal sealed class SevenZipBuilder(bool solid)
{
    private readonly List<(string Name, byte[] Content)> _files = [];

    public SevenZipBuilder Add(string name, byte[] content)
    {
        _files.Add((name, content));
        return this;
    }

    public byte[] Build()
    {
        var header = Header();
        byte[] packed = [.. _files.SelectMany(f => f.Content)];
        byte[] start = [.. BitConverter.GetBytes((long)packed.Length), .. BitConverter.GetBytes((long)header.Length), .. BitConverter.GetBytes(Crc(header))];
        return [.. "7z"u8, 0xbc, 0xaf, 0x27, 0x1c, 0, 4, .. BitConverter.GetBytes(Crc(start)), .. start, .. packed, .. header];
    }

    private byte[] Header()
    {
        var names = _files.SelectMany(f => Encoding.Unicode.GetBytes(f.Name + '\0')).ToArray();
        return [1, 4, .. PackInfo(), .. UnpackInfo(), .. SubStreams(), 0, 5, .. Number(_files.Count), 0x11, .. Number(names.Length + 1), 0, .. names, 0, 0];
    }

    private IEnumerable<long> Blocks => solid ? [_files.Sum(f => (long)f.Content.Length)] : _files.Select(f => (long)f.Content.Length);

    private byte[] PackInfo() => [6, .. Number(0), .. Number(Blocks.Count()), 9, .. Blocks.SelectMany(Number), 0];

    private byte[] UnpackInfo() => [7, 0x0b, .. Number(Blocks.Count()), 0, .. Blocks.SelectMany(_ => (byte[])[1, 1, 0]), 0x0c, .. Blocks.SelectMany(Number), 0];

    private byte[] SubStreams()
    {
        byte[] counts = solid ? [0x0d, .. Number(_files.Count), 9, .. _files.SkipLast(1).SelectMany(f => Number(f.Content.Length))] : [];
        return [8, .. counts, 0x0a, 1, .. _files.SelectMany(f => BitConverter.GetBytes(Crc(f.Content))), 0];
    }

    /// <summary>The longest form of the format's numbers is good for all of them.</summary>
    private static byte[] Number(long value) => [0xff, .. BitConverter.GetBytes(value)];

    public static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
        }
        return ~crc;
    }
}
