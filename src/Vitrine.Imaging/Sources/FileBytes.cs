using Microsoft.Win32.SafeHandles;

namespace Vitrine.Imaging.Sources;

/// <summary>Bytes of an open file at a place of it. The kernel may give fewer than it was asked for.</summary>
internal static class FileBytes
{
    /// <summary>Fills the span, or as much of it as the file has, and answers how much that is.</summary>
    public static int Read(SafeFileHandle file, Span<byte> into, long offset)
    {
        var filled = 0;
        while (filled < into.Length && RandomAccess.Read(file, into[filled..], offset + filled) is var got and > 0) filled += got;
        return filled;
    }

    /// <summary>Fills all of the span, or refuses the archive.</summary>
    public static void ReadExactly(SafeFileHandle file, Span<byte> into, long offset)
    {
        if (offset < 0 || Read(file, into, offset) < into.Length) throw RefusedException.BadArchive("It ends early.");
    }
}
