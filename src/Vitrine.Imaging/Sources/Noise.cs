using System.Text;

namespace Vitrine.Imaging.Sources;

/// <summary>Names that operating systems and storage boxes leave behind, and hidden ones.</summary>
public static class Noise
{
    /// <summary>A directory that holds this file is a cache folder of ours: never a source.</summary>
    public static ReadOnlySpan<byte> CacheFolderMarker => ".vitrine-cache.json"u8;

    private static readonly string[] Names =
        ["__MACOSX", "Thumbs.db", "ehthumbs.db", "desktop.ini", "@eaDir", "#recycle", "$RECYCLE.BIN", "System Volume Information", "lost+found"];

    private static readonly byte[][] NameBytes = [.. Names.Select(Encoding.ASCII.GetBytes)];

    /// <summary>Whether one segment of a name is noise: hidden (AppleDouble and .DS_Store are) or listed here.</summary>
    public static bool IsNoise(ReadOnlySpan<byte> segment)
    {
        if (segment.IsEmpty || segment[0] == (byte)'.') return true;
        foreach (var name in NameBytes)
            if (Ascii.EqualsIgnoreCase(segment, name)) return true;
        return false;
    }

    /// <summary>Whether any segment of an archive entry's name is noise.</summary>
    public static bool IsNoisePath(ReadOnlySpan<byte> path)
    {
        foreach (var range in path.Split((byte)'/'))
            if (IsNoise(path[range]) && !path[range].IsEmpty) return true;
        return false;
    }
}
