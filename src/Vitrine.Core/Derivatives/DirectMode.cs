using Vitrine.Core.Libraries;

namespace Vitrine.Core.Derivatives;

/// <summary>When an original is served in place of a derivative that is not there: it costs no copy, and gives its metadata away. Pure.</summary>
public static class DirectMode
{
    /// <summary>
    /// The library allows it, the original is a file of its own (never an entry of an archive), a browser shows it as it is, and it fits the preset: then the derivative
    /// would be its clean copy.
    /// </summary>
    public static bool Applies(Image image, Preset preset) =>
        image is { AllowMetadata: true, Kind: ContainerKind.Directory, Damaged: false, Summary.State: ImageState.Ready, Format: "jpeg" or "png" or "webp" or "gif" or "avif" }
        && (preset.MaxEdge is not { } edge || Math.Max(image.Summary.Width, image.Summary.Height) <= edge)
        && (preset.KeepFrames || image.Frames <= 1);
}
