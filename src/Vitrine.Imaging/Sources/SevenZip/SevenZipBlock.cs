using Vitrine.Imaging.Native;

namespace Vitrine.Imaging.Sources.SevenZip;

/// <summary>One block of a 7z (its format calls them folders): the files in it are packed together, one behind the other.</summary>
/// <param name="Start">Of its packed bytes, from the file's start on.</param>
/// <param name="Filter">The one method that it is packed by, as liblzma names it; 0 where it is another, or more than one.</param>
/// <param name="UnpackedBytes">Of all its files.</param>
internal sealed record SevenZipBlock(long Start, long PackedBytes, ulong Filter, byte[] Properties, long UnpackedBytes)
{
    public bool IsLzma => Filter is Lzma.Lzma1 or Lzma.Lzma2;
}
