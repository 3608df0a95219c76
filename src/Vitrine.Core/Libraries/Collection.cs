namespace Vitrine.Core.Libraries;

/// <summary>
/// What a container is. Its content decides, not its name, so an archive's kind is known from its listing on. The numbers are stored: new kinds go to the end.
/// </summary>
public enum ContainerKind
{
    Directory,
    Zip,
    Rar,

    /// <summary>An entry is unpacked with what was unpacked before it.</summary>
    SolidRar,
    SevenZip,

    /// <summary>At least one of its blocks holds several entries.</summary>
    SolidSevenZip,
    Tar,

    /// <summary>A tar within gzip, bzip2, xz or zstd.</summary>
    CompressedTar,
}

public static class ContainerKinds
{
    /// <summary>Whether its entries can only be read one after the other, so that reading the last costs unpacking all. It is read in one pass, as one batch.</summary>
    public static bool IsSequential(this ContainerKind kind) => kind is ContainerKind.SolidRar or ContainerKind.SolidSevenZip or ContainerKind.CompressedTar;
}

/// <summary>One directory of images, or one archive, inside a library.</summary>
/// <param name="Name">The last segment, an archive's without its extension; the root's collection carries the library's name.</param>
/// <param name="ParentPath">Text of the containing directory below the root; empty for the root's children and the root.</param>
/// <param name="Cover">
/// The first image in natural order, or null while the collection has none. Of a sequential container, while that one has no thumbnail: the first that was made.
/// </param>
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
/// <param name="AllowMetadata">Its library allows that the original is served as it is.</param>
public sealed record Image(
    ImageSummary Summary, LibraryId Library, string Root, ContainerKind Kind, SourcePath ContainerPath, SourceVersion ContainerVersion,
    RawName RawName, int Occurrence, SourceVersion Version, string? Format, int Frames, byte[]? ContentHash, bool Damaged,
    IReadOnlyList<Derivatives.Derivative> Derivatives, bool AllowMetadata);
