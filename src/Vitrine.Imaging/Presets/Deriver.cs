using NetVips;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Imaging.Formats;
using Vitrine.Imaging.Formats.CleanCopies;
using Vitrine.Imaging.Sources;

namespace Vitrine.Imaging.Presets;

/// <summary>Takes one derivative: its message and its bytes.</summary>
internal delegate void SendDerivative(DerivativeBytes message, ReadOnlySpan<byte> bytes);

/// <summary>What came of one original.</summary>
internal sealed record Derived(ImageFacts Facts, int Decodes);

/// <summary>
/// The way of one original: header, admission, one decode, then its presets from the largest to the smallest, each made from the
/// one before it.
/// </summary>
internal sealed class Deriver(OriginalBytes original, DeriveItem item, DecodeLimits limits, bool large)
{
    /// <summary>The least that is decoded: placeholders are made from it.</summary>
    private const int LeastEdge = 320;

    private readonly IReadOnlyList<Preset> _presets = [.. item.Presets.OrderByDescending(p => p.MaxEdge ?? int.MaxValue)];

    public int Decodes { get; private set; }

    public Derived Derive(SendDerivative send)
    {
        var hash = original.Hash();
        var header = PictureReader.Header(original, limits);
        var frames = _presets.Any(p => p.KeepFrames) ? Admission.FramesToDecode(header, limits) : 1;
        var edge = EdgeToDecode(header);
        Admission.Check(header, DecodeStep.ShrinkFor(header, edge), frames, limits, large);
        var (decoded, damaged) = Decode(header, edge, frames);
        var facts = Facts(header, decoded, hash, damaged);
        using var tiers = new Tiers(decoded.Image, decoded.Frames);
        var hasAlpha = AlphaStep.HasAlpha(decoded.Image);
        var copy = damaged ? null : CleanCopy.Plan(original, header, decoded);
        foreach (var preset in _presets)
        {
            if (copy?.Fits(preset) == true) copy.Send(item.Index, preset, facts, send);
            else Encode(preset, header, tiers, hasAlpha, decoded.Frames > 1, damaged, send);
        }
        var (thumbHash, color) = PlaceholderStep.Make(tiers.At(ThumbHash.MaxEdge, keepFrames: false));
        return new(facts with { ThumbHash = thumbHash, Color = color }, Decodes);
    }

    /// <summary>
    /// The presets alone, of what is a derivative itself: upright, in sRGB, without alpha, and of one frame. Its loader leaves twice the edge: its shrink takes of each block of
    /// coefficients only the coarse ones, and what encoding did to these would be seen.
    /// </summary>
    public void Shrink(SendDerivative send)
    {
        var header = PictureReader.Header(original, limits);
        var edge = EdgeToDecode(header);
        Admission.Check(header, DecodeStep.ShrinkFor(header, 2 * edge), 1, limits, large);
        using var tiers = new Tiers(DecodeStep.Decode(original, header, edge, 1, strict: true, loadedEdge: 2 * edge).Image, 1);
        foreach (var preset in _presets) Encode(preset, header, tiers, hasAlpha: false, hasFrames: false, damaged: false, send);
    }

    /// <summary>The largest edge that is needed, so that no more is decoded than that.</summary>
    private int EdgeToDecode(PictureHeader header)
    {
        var most = _presets.Count == 0 ? LeastEdge : _presets[0].MaxEdge ?? EncodeStep.MaxJpegEdge;
        return header.IsAnimated ? Math.Min(most, EncodeStep.MaxWebpEdge) : Math.Max(most, LeastEdge);
    }

    /// <summary>Strictly first; a picture that fails so is decoded once more, as far as it goes, and is damaged.</summary>
    private (Decoded Decoded, bool Damaged) Decode(PictureHeader header, int edge, int frames)
    {
        try
        {
            Decodes = 1;
            return (DecodeStep.Decode(original, header, edge, frames, strict: true), false);
        }
        catch (Exception failure) when (IsDamage(failure))
        {
            Codec.ForgetErrors();
        }
        try
        {
            Decodes = 2;
            var decoded = DecodeStep.Decode(original, header, edge, frames, strict: false);
            // A lenient decoder gives black, of a JPEG grey, for what it cannot read at all, and one shade is nothing to see: a black picture
            // that ends early is called corrupt with the others, rather than that a grey square stands for a broken file.
            if (decoded.Image.Max() > decoded.Image.Min()) return (decoded, true);
            decoded.Image.Dispose();
            throw new InvalidDataException("Nothing came out.");
        }
        catch (Exception failure) when (IsDamage(failure))
        {
            throw RefusedException.Corrupt($"The {ImageFormats.NameOf(header.Format)} picture cannot be decoded.");
        }
    }

    private static bool IsDamage(Exception failure) =>
        failure is InvalidDataException || (failure is VipsException vips && !Codec.IsOutOfMemory(vips));

    private static ImageFacts Facts(PictureHeader header, Decoded decoded, byte[] hash, bool damaged)
    {
        var turned = decoded.Orientation >= 5;
        return new(hash, turned ? header.Height : header.Width, turned ? header.Width : header.Height, ImageFormats.NameOf(header.Format),
            header.Frames, decoded.Orientation, null, null, damaged);
    }

    private void Encode(Preset preset, PictureHeader header, Tiers tiers, bool hasAlpha, bool hasFrames, bool damaged, SendDerivative send)
    {
        var animated = preset.KeepFrames && hasFrames;
        var format = EncodeStep.FormatFor(preset, hasAlpha, animated);
        var image = tiers.At(EncodeStep.MaxEdge(preset, format), animated);
        using var opaque = hasAlpha ? null : AlphaStep.WithoutAlpha(image);
        var bytes = EncodeStep.Encode(opaque ?? image, preset, format, SmartQuality.For(preset, header, original.Length), EncodeStep.IsDrawing(header, image));
        var height = animated ? image.PageHeight : image.Height;
        var type = format == DerivativeFormat.Jpeg ? "image/jpeg" : "image/webp";
        send(new(item.Index, preset.Name, image.Width, height, type, damaged), bytes);
    }
}
