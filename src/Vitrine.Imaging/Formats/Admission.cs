using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;
using Vitrine.Imaging.Sources;

namespace Vitrine.Imaging.Formats;

/// <summary>Whether a picture may be decoded here, told from its header alone. Pure.</summary>
public static class Admission
{
    /// <summary>Frames that fit the limit of an animation; more, and only the first is taken: half an animation would be a lie.</summary>
    public static int FramesToDecode(PictureHeader header, DecodeLimits limits) =>
        header.IsAnimated && header.Pixels <= limits.MaxFramePixels / header.Frames ? header.Frames : 1;

    /// <param name="shrink">By which a JPEG's edges are divided while it loads; 1 for all others.</param>
    public static long NeededBytes(PictureHeader header, int shrink, int frames)
    {
        var decoded = header.Pixels / (shrink * shrink) * header.BytesPerPixel * frames;
        var coefficients = header.HoldsCoefficients ? header.Pixels * header.BytesPerPixel * 2 : 0;
        return decoded + coefficients;
    }

    /// <exception cref="RefusedException">Too many pixels; with <c>NeedsBytes</c> where it is for want of memory.</exception>
    public static void Check(PictureHeader header, int shrink, int frames, DecodeLimits limits, bool large)
    {
        var most = header.Streams ? limits.MaxBaselineJpegPixels : limits.MaxPixels;
        if (header.Width <= 0 || header.Height <= 0) throw RefusedException.Corrupt("The picture has no size.");
        if (header.Pixels > most) throw TooMany($"{header.Width} x {header.Height} pixels are over the limit of {most / 1_000_000} million.", null);
        var needed = NeededBytes(header, shrink, frames);
        if (needed > limits.LargeChildMemoryBytes)
            throw TooMany($"Decoding needs {needed >> 20} MiB, over the limit of {limits.LargeChildMemoryBytes >> 20} MiB.", needed);
        if (!large && needed > limits.ChildMemoryBytes / 2)
            throw TooMany($"Decoding needs {needed >> 20} MiB, more than half of a decoder's memory.", needed);
    }

    /// <summary>The size claimed by the first bytes, before a library is asked.</summary>
    public static void CheckClaim(ImageFormat format, ReadOnlySpan<byte> bytes, DecodeLimits limits)
    {
        if (ClaimedSize.Pixels(format, bytes) is var pixels && (ulong)pixels > (ulong)limits.MaxPixels)
            throw TooMany($"{(ulong)pixels / 1_000_000} million pixels are over the limit of {limits.MaxPixels / 1_000_000} million.", null);
    }

    private static RefusedException TooMany(string message, long? needs) => new(Outcome.Failed, Reason.TooManyPixels, message) { NeedsBytes = needs };
}
