using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Server.Security;

namespace Vitrine.Server.CacheFolders;

internal enum FolderFaultShape { Missing, NotOurs, ReadOnly, Full, Failing }

/// <param name="Path">For Admins; null for everybody else.</param>
/// <param name="Priority">Higher is filled first.</param>
/// <param name="LimitBytes">The most that it holds.</param>
/// <param name="FloorBytes">Free space of the disk that stays free.</param>
/// <param name="FreeBytes">Free space of the disk now.</param>
/// <param name="ReservedBytes">Promised to work in hand.</param>
/// <param name="UsedPercent">Of the limit, with what is promised.</param>
/// <param name="NearFull">From the high water mark on.</param>
/// <param name="Full">There is no room for another picture: by the limit, or by the floor.</param>
/// <param name="Presets">Presets that it takes; empty for all.</param>
/// <param name="ByPreset">What each preset has there, and may have.</param>
/// <param name="Drain">Null unless it is drained.</param>
internal sealed record CacheFolderShape(
    FolderId Id, string? Path, int Priority, long LimitBytes, long FloorBytes, long FreeBytes, long Blobs, long Bytes, long ReservedBytes,
    double UsedPercent, bool NearFull, bool Full, IReadOnlyList<string> Presets, IReadOnlyList<PresetUseShape> ByPreset, bool Active, DrainShape? Drain,
    FolderFaultShape? Fault)
{
    /// <summary>Less than this is no room for a picture.</summary>
    private const long Picture = 64 << 10;

    public static CacheFolderShape Of(CacheFolder folder, FolderHealth health, WaterMarks marks, bool showPath)
    {
        var used = folder.Bytes + folder.ReservedBytes;
        return new(
            folder.Id, showPath ? folder.Path : null, folder.Priority, folder.LimitBytes, folder.FloorBytes, health.FreeBytes, folder.Blobs, folder.Bytes,
            folder.ReservedBytes, Math.Round(100.0 * used / folder.LimitBytes, 1), used >= folder.LimitBytes * (marks.High / 100.0),
            folder.LimitBytes - used < Picture || health.FreeBytes - folder.FloorBytes < Picture, folder.Presets, [.. (folder.Uses ?? []).Select(PresetUseShape.Of)],
            folder.Active, folder.Draining ? new(folder.Blobs, folder.Bytes) : null, FaultOf(health.Fault));
    }

    private static FolderFaultShape? FaultOf(FolderFault fault) => fault switch
    {
        FolderFault.Missing => FolderFaultShape.Missing,
        FolderFault.NotOurs => FolderFaultShape.NotOurs,
        FolderFault.ReadOnly => FolderFaultShape.ReadOnly,
        FolderFault.Full => FolderFaultShape.Full,
        FolderFault.Failing => FolderFaultShape.Failing,
        _ => null,
    };
}

/// <param name="BudgetBytes">The most that it may have there; null for what the folder's limit leaves.</param>
internal sealed record PresetUseShape(string Preset, long Blobs, long Bytes, long? BudgetBytes)
{
    public static PresetUseShape Of(PresetUse use) => new(use.Preset, use.Blobs, use.Bytes, use.BudgetBytes);
}

/// <summary>What is left to move; nothing when it is drained.</summary>
internal sealed record DrainShape(long LeftBlobs, long LeftBytes);

/// <param name="Path">Absolute, without links; made where its parent is there.</param>
/// <param name="LimitBytes">Absent: 20% of what is free now.</param>
/// <param name="FloorBytes">Absent: the larger of 10 GiB and 5% of the disk, at most half of what is free.</param>
/// <param name="Presets">Presets that it takes; empty or absent for all.</param>
/// <param name="Budgets">Bytes by preset.</param>
internal sealed record NewCacheFolderRequest(
    string Path, int? Priority = null, long? LimitBytes = null, long? FloorBytes = null, IReadOnlyList<string>? Presets = null,
    IReadOnlyDictionary<string, long?>? Budgets = null) : IAuditable
{
    public FolderChange Change => new(Priority, LimitBytes, FloorBytes, Presets, Budgets);
}

/// <summary>What is absent stays.</summary>
/// <param name="Presets">All that it takes from now on; what is there of others stays.</param>
/// <param name="Budgets">Bytes by preset; null takes a budget away, what is not named stays.</param>
/// <param name="Active">An inactive folder is read and takes nothing new.</param>
internal sealed record CacheFolderChangeRequest(
    int? Priority = null, long? LimitBytes = null, long? FloorBytes = null, IReadOnlyList<string>? Presets = null,
    IReadOnlyDictionary<string, long?>? Budgets = null, bool? Active = null) : IAuditable
{
    public FolderChange Change => new(Priority, LimitBytes, FloorBytes, Presets, Budgets, Active);
}

/// <param name="LeftFiles">Files in its directory that are none of ours, and stay.</param>
internal sealed record RemovedFolderShape(int LeftFiles);
