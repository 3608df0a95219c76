using System.Text.Json.Serialization;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Libraries;

/// <param name="Width">0 while it is not known.</param>
/// <param name="Reason">Why it is failed or skipped: a reason code.</param>
/// <param name="ThumbHash">At most 25 bytes, base64.</param>
/// <param name="Color">Dominant colour as rrggbb.</param>
/// <param name="Urls">Every preset; one without <c>v=</c> is made when it is asked for.</param>
internal sealed record ImageShape(
    ImageId Id, CollectionId CollectionId, string Name, int Width, int Height, ImageState State, string? Reason, byte[]? ThumbHash, string? Color,
    IReadOnlyDictionary<string, string> Urls)
{
    public static ImageShape Of(ImageSummary image, PresetSet presets) => new(
        image.Id, image.Collection, image.Name, image.Width, image.Height, image.State, image.Reason, image.ThumbHash, image.Color, UrlsOf(image, presets));

    public static Dictionary<string, string> UrlsOf(ImageSummary image, PresetSet presets) =>
        presets.All.ToDictionary(preset => preset.Name, preset => Url(image.Id, preset.Name, image.Versions.GetValueOrDefault(preset.Name)));

    private static string Url(ImageId id, string preset, string? version) =>
        version is null ? $"{Routes.Api}/images/{id}/{preset}" : $"{Routes.Api}/images/{id}/{preset}?v={version}";
}

/// <param name="Ids">1 to 200; one that is named twice counts once.</param>
internal sealed record ImagesRequest(IReadOnlyList<ImageId> Ids)
{
    private const int MaxIds = 200;

    /// <summary>What is wrong with it; null where nothing is.</summary>
    [JsonIgnore]
    public Problem? Problem => Ids.Count is > 0 and <= MaxIds ? null : Problems.BadRequest.With($"It takes 1 to {MaxIds} ids.");

    [JsonIgnore]
    public IReadOnlyList<ImageId> Distinct => [.. Ids.Distinct()];
}

/// <param name="Format">By content: jpeg, png, …</param>
/// <param name="Size">Bytes of the original.</param>
/// <param name="Damaged">It decoded only leniently.</param>
internal sealed record ImageDetailShape(
    ImageId Id, CollectionId CollectionId, string Name, int Width, int Height, ImageState State, string? Reason, byte[]? ThumbHash, string? Color,
    IReadOnlyDictionary<string, string> Urls, LibraryId LibraryId, string? Format, int Frames, long Size, bool Damaged, string CollectionName,
    string ParentPath)
{
    public static ImageDetailShape Of(Image image, Collection? collection, PresetSet presets) => new(
        image.Summary.Id, image.Summary.Collection, image.Summary.Name, image.Summary.Width, image.Summary.Height, image.Summary.State,
        image.Summary.Reason, image.Summary.ThumbHash, image.Summary.Color, ImageShape.UrlsOf(image.Summary, presets), image.Library, image.Format,
        image.Frames, image.Version.Size, image.Damaged, collection?.Name ?? "", collection?.ParentPath ?? "");
}

/// <param name="Index">0-based place of the image in its collection.</param>
internal sealed record NeighboursShape(ImageShape? Previous, ImageShape? Next, long Index, long Count);

/// <param name="Bytes">Of the derivatives of its images.</param>
/// <param name="Cover">The first image; null while there is none.</param>
/// <param name="Reason">Why the container could not be read: a reason code.</param>
internal sealed record CollectionShape(
    CollectionId Id, LibraryId LibraryId, ContainerKind Kind, string Name, string ParentPath, long Images, long Ready, long Failed, long Skipped,
    long Bytes, ImageShape? Cover, string? Reason, DateTimeOffset UpdatedAt)
{
    public static CollectionShape Of(Collection collection, PresetSet presets) => new(
        collection.Id, collection.Library, collection.Kind, collection.Name, collection.ParentPath, collection.Images, collection.Ready,
        collection.Failed, collection.Skipped, collection.DerivativeBytes, collection.Cover is { } cover ? ImageShape.Of(cover, presets) : null,
        collection.Reason, collection.UpdatedAt);
}
