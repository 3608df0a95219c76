using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Core.Files;

/// <summary>A file by its whole path, with as few calls of the kernel as there are.</summary>
public static class DirectFile
{
    /// <summary>Up to here a path needs no memory of its own.</summary>
    private const int ShortPath = 512;

    /// <summary>Opens a regular file to read, where no part of its path is a link. Null: it is not to be had so, for whatever reason, and a longer way will tell it.</summary>
    /// <param name="folder">Absolute. Neither it nor the name has a part "..".</param>
    public static SafeFileHandle? Open(string folder, string name, out long size)
    {
        size = 0;
        if (Open(folder, name) is not { } file) return null;
        if (Kernel.Look(file, [], out var state) == 0 && state.IsRegular)
        {
            size = state.Size;
            return file;
        }
        file.Dispose();
        return null;
    }

    /// <summary>
    /// Reads a file of a known size, where no part of its path is a link, in three calls and with no handle. False: it is not to be had so, or has another size, and what
    /// was read is worth nothing.
    /// </summary>
    /// <param name="into">Of the file's size.</param>
    /// <inheritdoc cref="Open(string, string, out long)" path="/param[@name='folder']"/>
    public static bool ReadWhole(string folder, string name, Span<byte> into)
    {
        Span<byte> room = stackalloc byte[ShortPath];
        return Kernel.ReadWithoutLinks(Join(folder, name, room), into) == into.Length;
    }

    /// <summary>As <see cref="RandomAccess.Read(SafeFileHandle, Span{byte}, long)"/>, which asks first whether the file has places.</summary>
    /// <exception cref="IOException">The disk fails.</exception>
    public static int Read(SafeFileHandle file, Span<byte> into, long offset) => DiskError.Check(Kernel.ReadAt(file, into, offset), "What is open");

    private static SafeFileHandle? Open(string folder, string name)
    {
        Span<byte> room = stackalloc byte[ShortPath];
        var opened = Kernel.OpenWithoutLinks(Join(folder, name, room));
        return opened < 0 ? null : new(opened, ownsHandle: true);
    }

    /// <param name="room">For a path that is short.</param>
    private static ReadOnlySpan<byte> Join(string folder, string name, Span<byte> room)
    {
        var most = Encoding.UTF8.GetMaxByteCount(folder.Length + 1 + name.Length);
        var path = most <= room.Length ? room : new byte[most];
        var length = Encoding.UTF8.GetBytes(folder, path);
        path[length++] = (byte)'/';
        length += Encoding.UTF8.GetBytes(name, path[length..]);
        return path[..length];
    }
}
