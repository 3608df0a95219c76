using Vitrine.Core.Derivatives;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;
using Vitrine.Imaging.Presets;
using Vitrine.Imaging.Sources;

namespace Vitrine.Imaging.Formats.CleanCopies;

/// <summary>
/// A picture that already fits is not encoded again: its metadata is taken out of its bytes, and they are the derivative. JPEG,
/// PNG (APNG too), WebP and GIF are copied, upright ones in colours that browsers show without a profile of their own.
/// </summary>
internal sealed class CleanCopy
{
    private readonly OriginalBytes _original;
    private readonly PictureHeader _header;
    private bool _isStripped;
    private bool _cannot;

    private CleanCopy(OriginalBytes original, PictureHeader header) => (_original, _header) = (original, header);

    /// <summary>Null where this picture is never copied.</summary>
    public static CleanCopy? Plan(OriginalBytes original, PictureHeader header, Decoded decoded)
    {
        var isCopied = header.Format is ImageFormat.Jpeg or ImageFormat.Png or ImageFormat.Webp or ImageFormat.Gif;
        return isCopied && decoded.Orientation == 1 && decoded.IsBrowserColour ? new(original, header) : null;
    }

    /// <summary>Whether the preset gets the copy. After the first yes the original's bytes are the copy's, and nothing decodes them again.</summary>
    public bool Fits(Preset preset)
    {
        if (_cannot || Math.Max(_header.Width, _header.Height) > (preset.MaxEdge ?? int.MaxValue)) return false;
        if (preset.Format == DerivativeFormat.Webp && _header.Format != ImageFormat.Webp) return false;
        if (_header.IsAnimated && !preset.KeepFrames) return false;
        return _isStripped || Strip();
    }

    public void Send(int index, Preset preset, ImageFacts facts, SendDerivative send) =>
        send(new(index, preset.Name, facts.Width, facts.Height, ImageFormats.ContentType(_header.Format), false), _original.Span);

    /// <summary>Takes the metadata out in place: a copy is never longer than its original.</summary>
    private bool Strip()
    {
        var length = _header.Format switch
        {
            ImageFormat.Jpeg => JpegStripper.Strip(_original.Span),
            ImageFormat.Png => PngStripper.Strip(_original.Span),
            ImageFormat.Webp => WebpStripper.Strip(_original.Span),
            _ => GifStripper.Strip(_original.Span),
        };
        _cannot = length is null or > Frames.MaxBodyBytes;
        if (!_cannot) _original.Shorten(length!.Value);
        return _isStripped = !_cannot;
    }
}
