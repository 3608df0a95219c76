using System.IO.Compression;
using System.Text;

namespace Vitrine.Tests.Imaging.Archives;

/// <summary>Writes archives as no library would: names of any bytes, claims that lie, entries on the bytes of others.</summary>
internal sealed class ZipBuilder
{
    private readonly MemoryStream _body = new();
    private readonly MemoryStream _directory = new();
    private byte[] _last = [];
    private int _count;

    public ZipBuilder Add(string name, byte[] content, bool deflate = false, int flags = 0, long? claim = null, uint? crc = null, int method = 0) =>
        Add(Encoding.UTF8.GetBytes(name), content, deflate, flags, claim, crc, method);

    public ZipBuilder Add(byte[] name, byte[] content, bool deflate = false, int flags = 0, long? claim = null, uint? crc = null, int method = 0)
    {
        var packed = deflate ? Deflate(content) : content;
        using var header = new MemoryStream();
        var w = new BinaryWriter(header);
        w.Write((ushort)20);
        w.Write((ushort)flags);
        w.Write((ushort)(deflate ? 8 : method));
        w.Write(0);
        w.Write(crc ?? Vitrine.Imaging.Sources.Archives.Crc32.Update(0, content));
        w.Write(packed.Length);
        w.Write((uint)(claim ?? content.Length));
        w.Write((ushort)name.Length);
        w.Write((ushort)0);
        _last = header.ToArray();
        var offset = (int)_body.Length;
        Write(_body, 0x04034b50, [.. _last, .. name, .. packed]);
        Directory(name, offset);
        return this;
    }

    /// <summary>One more record for the bytes of the last entry.</summary>
    public ZipBuilder Again(string name)
    {
        Directory(Encoding.UTF8.GetBytes(name), 0);
        return this;
    }

    public byte[] Build()
    {
        using var end = new MemoryStream();
        var w = new BinaryWriter(end);
        w.Write(0);
        w.Write((ushort)_count);
        w.Write((ushort)_count);
        w.Write((int)_directory.Length);
        w.Write((int)_body.Length);
        w.Write((ushort)0);
        using var whole = new MemoryStream([.. _body.ToArray(), .. _directory.ToArray()]);
        return [.. whole.ToArray(), .. BitConverter.GetBytes(0x06054b50), .. end.ToArray()];
    }

    private void Directory(byte[] name, int offset)
    {
        byte[] fields = [20, 0, .. _last[..22], .. BitConverter.GetBytes((ushort)name.Length), 0, 0, .. new byte[10], .. BitConverter.GetBytes(offset)];
        Write(_directory, 0x02014b50, [.. fields, .. name]);
        _count++;
    }

    private static byte[] Deflate(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal)) deflate.Write(content);
        return packed.ToArray();
    }

    private static void Write(MemoryStream stream, uint signature, byte[] bytes)
    {
        stream.Write(BitConverter.GetBytes(signature));
        stream.Write(bytes);
    }
}
