using System.Text;
using Vitrine.Imaging.Sources.Archives;

namespace Vitrine.Tests.Imaging.Archives;

/// <summary>Writes RAR 5 archives of stored files, by the published description of the format.</summary>
internal sealed class RarBuilder(bool solid = false, bool volume = false)
{
    private readonly List<byte> _bytes = [.. "Rar!\x1a\x07\x01\0"u8, .. Block([1, 0, (byte)((solid ? 4 : 0) | (volume ? 1 : 0))])];
    private int _count;

    public RarBuilder Add(string name, byte[] content, uint? crc = null)
    {
        var raw = Encoding.UTF8.GetBytes(name);
        // Of a solid archive, every file but the first goes on with the dictionary of the one before.
        var compression = solid && _count++ > 0 ? 0x40 : 0;
        _bytes.AddRange(Block(
        [
            2, 2, .. Number(content.Length), 4, .. Number(content.Length), 0, .. BitConverter.GetBytes(crc ?? Crc32.Update(0, content)), (byte)compression, 1,
            .. Number(raw.Length), .. raw,
        ]));
        _bytes.AddRange(content);
        return this;
    }

    public byte[] Build() => [.. _bytes, .. Block([5, 0, 0])];

    private static byte[] Block(byte[] header)
    {
        byte[] sized = [.. Number(header.Length), .. header];
        return [.. BitConverter.GetBytes(Crc32.Update(0, sized)), .. sized];
    }

    private static byte[] Number(int value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }
}
