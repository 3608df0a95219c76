using System.Buffers.Binary;
using Vitrine.Imaging.Formats.Jpeg;
using Vitrine.Imaging.Sources;

namespace Vitrine.Imaging.Formats.Raw;

/// <summary>
/// The largest JPEG within a camera's RAW file, which is what the camera showed of it. Vitrine develops no sensor data. Cameras keep the place in
/// directories of a TIFF (DNG, NEF, ARW, CR2, RW2 ...), in a header (RAF), or where only their maker knows (ORF, CR3): then it is looked for.
/// </summary>
/// <param name="At">Where it begins; it ends by its own word.</param>
/// <param name="Orientation">Of the whole RAW file; 0 where only the preview says it.</param>
internal sealed record RawPreview(int At, JpegHeader Header, int Orientation)
{
    /// <summary>A preview with a smaller edge is a thumbnail; there may be a larger one that no directory names.</summary>
    private const int GoodEdge = 1000;

    private const int MaxCandidates = 64;

    /// <summary>A JPEG's header with its metadata is shorter in all files of cameras.</summary>
    private const int HeaderBytes = 1 << 20;

    private const int RafJpegAt = 84;
    private const int BoxSearchBytes = 64 << 10;

    /// <summary>Whether a file that begins as a TIFF holds a camera's sensor data.</summary>
    public static bool IsRaw(ReadOnlySpan<byte> bytes) => IsCanon(bytes) || TiffDirectories.Of(bytes).Any(directory => directory.IsRaw);

    /// <summary>Null where there is none, or none that can be read.</summary>
    public static RawPreview? Find(ReadOnlySpan<byte> bytes)
    {
        var directories = TiffDirectories.Of(IsoMetadata(bytes) is { Length: > 0 } metadata ? metadata : bytes);
        var orientation = directories.Select(directory => directory.Orientation).FirstOrDefault(o => o != 0);
        RawPreview? best = null;
        foreach (var directory in directories) best = Larger(best, bytes, directory.JpegAt, orientation);
        if (bytes.StartsWith("FUJIFILM"u8) && bytes.Length >= RafJpegAt + 4)
            best = Larger(best, bytes, BinaryPrimitives.ReadUInt32BigEndian(bytes[RafJpegAt..]), orientation);
        return best is not null && best.Edge >= GoodEdge ? best : Search(best, bytes, orientation);
    }

    private int Edge => Math.Max(Header.Width, Header.Height);

    private static bool IsCanon(ReadOnlySpan<byte> bytes) => bytes.Length > 10 && bytes[8..].StartsWith("CR"u8);

    /// <summary>A CR3 is a container of boxes; the one named CMT1 holds the first directory of a TIFF.</summary>
    private static ReadOnlySpan<byte> IsoMetadata(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 12 || !bytes[4..].StartsWith("ftyp"u8)) return default;
        var at = bytes[..Math.Min(bytes.Length, BoxSearchBytes)].IndexOf("CMT1"u8);
        return at < 0 ? default : bytes[(at + 4)..];
    }

    private static RawPreview? Search(RawPreview? best, ReadOnlySpan<byte> bytes, int orientation)
    {
        var at = 0;
        for (var candidates = 0; candidates < MaxCandidates; candidates++)
        {
            var next = bytes[at..].IndexOf((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff]);
            if (next < 0) break;
            best = Larger(best, bytes, at + next, orientation);
            at += next + 3;
        }
        return best;
    }

    private static RawPreview? Larger(RawPreview? best, ReadOnlySpan<byte> bytes, long at, int orientation)
    {
        if (at <= 0 || at > bytes.Length - 4 || !bytes[(int)at..].StartsWith((ReadOnlySpan<byte>)[0xff, 0xd8, 0xff])) return best;
        var header = JpegHeader.Find(bytes.Slice((int)at, (int)Math.Min(HeaderBytes, bytes.Length - at)));
        if (header is not { IsPicture: true } || (best is not null && header.Width * (long)header.Height <= best.Header.Width * (long)best.Header.Height)) return best;
        return new((int)at, header, orientation);
    }

    /// <exception cref="RefusedException">There is no preview: what remains is sensor data.</exception>
    public static RawPreview Of(ReadOnlySpan<byte> bytes) =>
        Find(bytes) ?? throw RefusedException.Unsupported("The RAW file has no JPEG preview, and sensor data is not developed here.");
}
