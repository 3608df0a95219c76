namespace Vitrine.Core.CacheFolders;

/// <summary>A directory that Vitrine manages.</summary>
/// <param name="Marker">The id in its marker file.</param>
/// <param name="Priority">Higher is filled first.</param>
/// <param name="LimitBytes">Blobs and reservations together never pass it.</param>
/// <param name="FloorBytes">Free space of the disk that stays free.</param>
/// <param name="Presets">Presets that it takes; empty for all.</param>
/// <param name="Blobs">Files with a row.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="ReservedBytes">Promised to leases.</param>
/// <param name="Draining">It takes nothing new, and what it holds moves to other folders.</param>
/// <param name="Uses">What each preset has there, and may have; null for nothing.</param>
public sealed record CacheFolder(
    FolderId Id, string Path, Guid Marker, int Priority, long LimitBytes, long FloorBytes, IReadOnlyList<string> Presets, bool Active,
    long Blobs, long Bytes, long ReservedBytes, bool Draining = false, IReadOnlyList<PresetUse>? Uses = null)
{
    public bool Takes(string preset) => Presets.Count == 0 || Presets.Contains(preset);

    public PresetUse? UseOf(string preset) => Uses?.FirstOrDefault(use => use.Preset == preset);

    /// <summary>The preset's budget where it has one, as reservations name it; null where it takes from what all others share.</summary>
    public string? BudgetOf(string preset) => UseOf(preset)?.BudgetBytes is null ? null : preset;
}

/// <summary>What one preset has in one folder.</summary>
/// <param name="ReservedBytes">Promised to leases for this preset alone; only where it has a budget.</param>
/// <param name="BudgetBytes">The most that its blobs and reservations may take there; null for what the folder's limit leaves.</param>
public sealed record PresetUse(string Preset, long Blobs, long Bytes, long ReservedBytes, long? BudgetBytes);

/// <param name="Budgets">Presets with a budget, all of them; null leaves those that are there.</param>
public sealed record NewCacheFolder(
    string Path, Guid Marker, int Priority, long LimitBytes, long FloorBytes, IReadOnlyList<string> Presets,
    IReadOnlyDictionary<string, long>? Budgets = null, bool Draining = false);

/// <summary>One blob's row: what a check of the files needs.</summary>
public sealed record BlobRow(BlobId Id, FolderId Folder, string Name, long Size, string Hash, int References, string ContentType);
