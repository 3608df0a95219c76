namespace Vitrine.Imaging.Formats.Raw;

/// <summary>What a directory of a TIFF says that matters for a preview; 0 stands for what it does not say.</summary>
/// <param name="Orientation">1 to 8.</param>
/// <param name="JpegAt">Where a JPEG begins that this directory points to, by a tag of its own or as its only strip.</param>
/// <param name="IsRaw">It has sensor data, or the tag of a DNG.</param>
internal sealed record TiffDirectory(int Photometric, int Orientation, long JpegAt, bool IsRaw);
