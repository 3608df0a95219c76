using Microsoft.Win32.SafeHandles;
using Vitrine.Core.Decoding;
using Vitrine.Imaging.Sources.Rar;
using Vitrine.Imaging.Sources.SevenZip;
using Vitrine.Imaging.Sources.Tar;
using Vitrine.Imaging.Sources.Zip;

namespace Vitrine.Imaging.Sources.Archives;

/// <summary>Tells an archive's format by its first bytes, whatever its name says, and opens its reader.</summary>
internal static class ArchiveFormats
{
    private static readonly byte[] SevenZip = [(byte)'7', (byte)'z', 0xbc, 0xaf, 0x27, 0x1c];

    /// <summary>GNU tar fills up to 10 KiB.</summary>
    private const long MaxEmptyTarBytes = 64 << 10;

    /// <exception cref="RefusedException">It does not go on as it begins.</exception>
    public static IArchiveReader Open(SafeFileHandle file, long fileLength, byte[] path, DecodeLimits limits, Action passed)
    {
        try
        {
            return ReaderOf(file, fileLength, path, limits, passed);
        }
        catch (Exception broken) when (ArchiveFaults.IsBroken(broken))
        {
            throw RefusedException.BadArchive("It does not go on as it begins.");
        }
    }

    /// <summary>What is nothing else is taken for a ZIP, whose signs are at its end: others may stand before it.</summary>
    private static IArchiveReader ReaderOf(SafeFileHandle file, long fileLength, byte[] path, DecodeLimits limits, Action passed)
    {
        var start = new byte[TarHeader.BlockBytes];
        var got = FileBytes.Read(file, start, 0);
        var head = start.AsSpan(0, got);
        var meter = new PassMeter(fileLength, limits, passed);
        if (head.StartsWith("Rar!\x1a\x07"u8)) return new RarReader(new FileStream(file, FileAccess.Read), meter);
        if (head.StartsWith(SevenZip)) return new SevenZipReader(new FileStream(file, FileAccess.Read), IsFirstVolume(path), meter);
        if (Compressions.Of(head) is { } open) return new CompressedTarReader(open(new FilePart(file, 0, fileLength)), meter);
        var isTar = got == start.Length && (TarHeader.IsOne(start) || IsEmptyTar(file, fileLength));
        return isTar ? new TarReader(file, fileLength) : new ZipReader(file, fileLength, limits);
    }

    /// <summary>Nothing but zeros. More of them before something else are no tar.</summary>
    private static bool IsEmptyTar(SafeFileHandle file, long fileLength)
    {
        if (fileLength > MaxEmptyTarBytes) return false;
        var all = new byte[fileLength];
        return FileBytes.Read(file, all, 0) == all.Length && TarHeader.IsEnd(all);
    }

    private static bool IsFirstVolume(byte[] path) => path.AsSpan().EndsWith(".001"u8);
}
