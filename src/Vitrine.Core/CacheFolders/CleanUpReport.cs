using Vitrine.Core.Derivatives;

namespace Vitrine.Core.CacheFolders;

/// <summary>Why a file goes.</summary>
public enum CleanUpCause
{
    /// <summary>It has no row.</summary>
    Orphan,

    /// <summary>Nothing refers to its row.</summary>
    Unreferenced,

    /// <summary>It was being written by a lease that is dead.</summary>
    Staged,
}

public readonly record struct CleanUpCount(long Files, long Bytes)
{
    public CleanUpCount With(long files, long bytes) => new(Files + files, Bytes + bytes);
}

/// <param name="Name">Within the folder; of a staging place its directory.</param>
public sealed record CleanUpFile(string Name, long Size, CleanUpCause Cause);

/// <summary>What a clean-up of one folder deleted or, as a dry run, would delete.</summary>
/// <param name="Fault">Not None: the folder could not be cleaned, and nothing was touched.</param>
/// <param name="Examined">Files whose names were read.</param>
/// <param name="Orphans">Files without a row.</param>
/// <param name="Unreferenced">Blobs that no image refers to, with their rows.</param>
/// <param name="Staged">What dead leases left in <c>tmp/</c>.</param>
/// <param name="Young">Files without a row that are not old enough, or whose lease is alive.</param>
/// <param name="Foreign">Files whose names are none of ours. They are never touched.</param>
/// <param name="Undeleted">Files that the disk refused to delete; the next clean-up takes them.</param>
/// <param name="Listed">The first of the files, at most <see cref="MaxListed"/>.</param>
public sealed record CleanUpReport(
    FolderId Folder, bool DryRun, FolderFault Fault, long Examined, CleanUpCount Orphans, CleanUpCount Unreferenced, CleanUpCount Staged, long Young,
    long Foreign, long Undeleted, IReadOnlyList<CleanUpFile> Listed)
{
    public const int MaxListed = 200;

    public long Files => Orphans.Files + Unreferenced.Files + Staged.Files;

    public long Bytes => Orphans.Bytes + Unreferenced.Bytes + Staged.Bytes;
}

/// <summary>Adds up what becomes a <see cref="CleanUpReport"/>.</summary>
internal sealed class CleanUpTally(FolderId folder, bool dryRun)
{
    private readonly List<CleanUpFile> _listed = [];
    private readonly Dictionary<CleanUpCause, CleanUpCount> _counts = [];

    public long Examined { get; set; }
    public long Young { get; set; }
    public long Foreign { get; set; }
    public long Undeleted { get; set; }

    public void Add(CleanUpCause cause, string name, long files, long bytes)
    {
        _counts[cause] = _counts.GetValueOrDefault(cause).With(files, bytes);
        if (_listed.Count < CleanUpReport.MaxListed) _listed.Add(new(name, bytes, cause));
    }

    public CleanUpReport End(FolderFault fault = FolderFault.None) => new(
        folder, dryRun, fault, Examined, Count(CleanUpCause.Orphan), Count(CleanUpCause.Unreferenced), Count(CleanUpCause.Staged), Young, Foreign, Undeleted,
        _listed);

    private CleanUpCount Count(CleanUpCause cause) => _counts.GetValueOrDefault(cause);
}
