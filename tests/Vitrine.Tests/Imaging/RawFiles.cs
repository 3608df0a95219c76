using System.Buffers.Binary;

namespace Vitrine.Tests.Imaging;

/// <summary>Small files of the shapes that cameras write, with a JPEG within and sensor data of zeros.</summary>
internal static class RawFiles
{
    private const ushort Long = 4, Short = 3;

    /// <summary>Two directories: the first points to the preview, its child is the sensor's.</summary>
    public static byte[] Dng(byte[] preview, int orientation = 1, byte[]? start = null)
    {
        // Header 8, first directory at 8 (5 tags), child at 100 (2 tags), preview at 200.
        var file = new byte[200 + preview.Length + 64];
        (start ?? [.. "II*\0"u8]).CopyTo(file, 0);
        Write32(file, 4, 8);
        Directory(file, 8, (259, Short, 7), (262, Short, 6), (273, Long, 200), (274, Short, (uint)orientation), (330, Long, 100));
        Directory(file, 100, (262, Short, 32803), (259, Short, 1));
        preview.CopyTo(file, 200);
        return file;
    }

    /// <summary>Fujifilm's header, which names the preview's place.</summary>
    public static byte[] Raf(byte[] preview)
    {
        var file = new byte[160 + preview.Length];
        "FUJIFILMCCD-RAW 0201"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(84), 160);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(88), (uint)preview.Length);
        preview.CopyTo(file, 160);
        return file;
    }

    /// <summary>Boxes: one with the directory that says how it is turned, and data with a thumbnail and the preview behind it.</summary>
    public static byte[] Cr3(byte[] thumbnail, byte[] preview, int orientation)
    {
        var metadata = new byte[64];
        "II*\0"u8.CopyTo(metadata);
        Write32(metadata, 4, 8);
        Directory(metadata, 8, (274, Short, (uint)orientation));
        return [0, 0, 0, 24, .. "ftypcrx "u8, 0, 0, 0, 1, .. "crx isom"u8, 0, 0, 0, 72, .. "CMT1"u8, .. metadata, .. new byte[16], .. thumbnail, .. new byte[16], .. preview];
    }

    /// <summary>A directory whose next one is itself, and whose children are itself a million times.</summary>
    public static byte[] Loop()
    {
        var file = new byte[256];
        "II*\0"u8.CopyTo(file);
        Write32(file, 4, 8);
        Directory(file, 8, (330, Long, 8), (262, Short, 32803), (513, Long, 0xfffffff0));
        Write32(file, 8 + 2 + 4, 1_000_000);
        Write32(file, 8 + 2 + (3 * 12), 8);
        return file;
    }

    private static void Directory(byte[] file, int at, params (ushort Tag, ushort Type, uint Value)[] tags)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), (ushort)tags.Length);
        for (var i = 0; i < tags.Length; i++)
        {
            var entry = file.AsSpan(at + 2 + (i * 12));
            BinaryPrimitives.WriteUInt16LittleEndian(entry, tags[i].Tag);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], tags[i].Type);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], 1);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], tags[i].Value);
        }
    }

    private static void Write32(byte[] file, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
}
