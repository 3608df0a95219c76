namespace Vitrine.Core.Libraries;

public enum ContainerKind { Directory, Zip }

/// <summary>One directory of images, or one archive, inside a library.</summary>
/// <param name="Name">The last segment, an archive's without its extension; the root's collection carries the library's name.</param>
/// <param name="ParentPath">Text of the containing directory below the root; empty for the root's children and the root.</param>
/// <param name="Cover">The first image in natural order, or null while the collection has none.</param>
/// <param name="Reason">Why the container could not be read at the last scan (a code of <see cref="Jobs.Reason"/>), or null.</param>
public sealed record Collection(
    CollectionId Id, LibraryId Library, ContainerKind Kind, string Name, string ParentPath, long Images, long Ready, long Failed,
    long Skipped, long DerivativeBytes, ImageSummary? Cover, string? Reason, DateTimeOffset UpdatedAt);

/// <summary>What a grid needs of an image.</summary>
/// <param name="Versions">Per preset that is ready: the value for <c>v=</c> in its URL.</param>
public sealed record ImageSummary(
    ImageId Id, CollectionId Collection, string Name, int Width, int Height, ImageState State, string? Reason, byte[]? ThumbHash,
    string? Color, IReadOnlyDictionary<string, string> Versions);

public enum ImageState
{
    /// <summary>Found, and nothing made yet. Left by the first outcome.</summary>
    New,

    /// <summary>The last outcome was Done. Left when the source changes or is removed.</summary>
    Ready,

    /// <summary>The last outcome was Failed, for the reason recorded. Left by a retry or a changed source.</summary>
    Failed,

    /// <summary>The last outcome was Skipped, for the reason recorded. Left by a retry or a changed source.</summary>
    Skipped,
}

/// <summary>One image with its place, its facts and its derivatives: what serving it needs.</summary>
public sealed record Image(
    ImageSummary Summary, LibraryId Library, string Root, ContainerKind Kind, SourcePath ContainerPath, SourceVersion ContainerVersion,
    RawName RawName, int Occurrence, SourceVersion Version, string? Format, int Frames, byte[]? ContentHash, bool Damaged,
    IReadOnlyList<Derivatives.Derivative> Derivatives);
