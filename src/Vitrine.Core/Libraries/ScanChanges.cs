using Vitrine.Core.Jobs;

namespace Vitrine.Core.Libraries;

/// <summary>An image as a source lists it.</summary>
/// <param name="Occurrence">0 for the first entry of this raw name in the container, 1 for the second, …</param>
/// <param name="Name">Decoded, for people.</param>
/// <param name="SortKey">Natural order within the collection: compare as bytes.</param>
/// <param name="OnlyName">No other name leads to it: where its inode is recorded at another place, it is no longer there.</param>
public sealed record FoundImage(RawName RawName, int Occurrence, string Name, byte[] SortKey, SourceVersion Version, bool OnlyName = false)
{
    public (RawName Name, int Occurrence) Place => (RawName, Occurrence);
}

/// <summary>A directory or an archive that a directory holds.</summary>
/// <param name="Kind">An archive's is a guess by its name, and counts only until it is listed itself.</param>
/// <param name="OnlyName">See <see cref="FoundImage.OnlyName"/>; so it is of every directory.</param>
public sealed record FoundContainer(ContainerKind Kind, SourcePath Path, string Name, byte[] SortKey, SourceVersion Version, bool OnlyName = false);

/// <summary>
/// One step of a scan of one container, applied whole or not at all, only under the scan's lease. Steps of a container: any number
/// with <c>Last</c> false, then one with <c>Last</c> true. Repeating a step changes nothing.
/// </summary>
/// <param name="Container">The collection that is scanned (the scan's item).</param>
/// <param name="Images">
/// Found here; new or changed ones are added to the scan's derive job, in batches cut by <see cref="BatchPlan"/>: with each step, those of a sequential
/// container together with its last.
/// </param>
/// <param name="Containers">
/// Found here; each becomes an item of the scan, unless it is an archive whose version is the recorded one, or a directory with a digest
/// (<see cref="KnownDirectory"/>), which whoever scans its parent looks at.
/// </param>
/// <param name="Last">
/// The container was read to its end: what is recorded of it and not in <c>Seen</c> is gone. That is noted with what was written over, and applied when
/// the scan is over, or held where it is more than <c>Brake</c> allows.
/// </param>
/// <param name="Seen">With <c>Last</c>: ids that the steps before answered. Containers below a directory likewise.</param>
/// <param name="Version">With <c>Last</c>: the container's version that was read.</param>
/// <param name="Reason">With <c>Last</c>: why the container could not be read (nothing is removed then), or null.</param>
/// <param name="Decoder">With <c>Reason</c>: the version of the decoder that said so, or null.</param>
/// <param name="Others">With <c>Last</c>: how many other files it holds, by extension; null where that is not known, and stays what it was.</param>
/// <param name="SameMount">Whether the inode counts when versions are compared.</param>
/// <param name="Kind">What the container is by its content; null where that is not known.</param>
/// <param name="Listing">
/// With <c>Last</c>, of a directory: the digest of its listing, by which the next scan sees that nothing changed in it. A step before takes it away, as it does an archive's version.
/// </param>
/// <param name="Look">Directories below, each to be looked at as an item of the scan.</param>
/// <param name="Brake">What the whole scan may take away; null: anything.</param>
public sealed record ScanStep(
    CollectionId Container, IReadOnlyList<FoundImage> Images, IReadOnlyList<FoundContainer> Containers, bool SameMount,
    bool Last = false, ScanSeen? Seen = null, SourceVersion? Version = null, string? Reason = null, string? Decoder = null,
    ContainerKind? Kind = null, byte[]? Listing = null, IReadOnlyList<CollectionId>? Look = null, IReadOnlyDictionary<string, int>? Others = null,
    BrakeLimits? Brake = null);

/// <summary>A directory as it is recorded.</summary>
/// <param name="Listing">The digest of its listing: where it still has it, there is nothing to do in it. Null where there is, or that is not known.</param>
public sealed record KnownDirectory(CollectionId Id, SourcePath Path, byte[]? Listing);

public sealed record ScanSeen(IReadOnlySet<ImageId> Images, IReadOnlySet<CollectionId> Containers);

/// <param name="Accepted">False: the lease is no longer the current one, and nothing was written.</param>
/// <param name="Images">Ids of all images of the step, in its order.</param>
/// <param name="Containers">Ids of all containers of the step, in its order.</param>
/// <param name="Changed">Images with another original; those whose derivatives it makes useless are noted.</param>
/// <param name="Removed">Images that were noted as gone.</param>
public sealed record ScanAnswer(bool Accepted, IReadOnlyList<ImageId> Images, IReadOnlyList<CollectionId> Containers, int Added, int Changed, int Removed);
