using Vitrine.Core.Derivatives;

namespace Vitrine.Core.CacheFolders;

/// <summary>The numbers of a cache folder: what may be asked for, and what they are unless somebody says otherwise. Pure.</summary>
public static class FolderLimits
{
    public const int MostPriority = 1000;
    private const long MinFloor = 10L << 30;

    /// <summary>
    /// A limit of 20% of what is free now; a floor of the larger of 10 GiB and 5% of the disk, but no more than half of what is free now, so that a small disk
    /// takes pictures as well.
    /// </summary>
    public static (long Limit, long Floor) Default(FolderHealth health) =>
        (health.FreeBytes / 5, Math.Min(Math.Max(MinFloor, health.TotalBytes / 20), health.FreeBytes / 2));

    /// <param name="folder">Null for a new one.</param>
    public static FolderAnswer.Refused? ProblemOf(FolderChange change, CacheFolder? folder, PresetSet known)
    {
        if (change.Priority is < -MostPriority or > MostPriority) return new("bad-priority", $"A priority is from -{MostPriority} to {MostPriority}; higher is filled first.");
        if (change.LimitBytes is <= 0) return new("bad-limit", "A limit is at least one byte; to take nothing new, set the folder inactive or drain it.");
        if (change.FloorBytes is < 0) return new("bad-floor", "A floor is 0 bytes or more.");
        if (change.Presets is { Count: > 0 } presets && known.ProblemOf(presets) is { } wrong) return new("bad-preset", wrong);
        foreach (var (preset, bytes) in change.Budgets ?? new Dictionary<string, long?>())
        {
            if (known.Find(preset) is null) return new("bad-preset", $"'{preset}' is no preset.");
            if (bytes is <= 0) return new("bad-budget", $"The budget of '{preset}' is at least one byte; a preset that is not wanted there is left out of the folder's presets.");
            if (bytes is { } most && folder?.UseOf(preset) is { } use && most < use.ReservedBytes)
                return new("budget-too-low", $"The budget of '{preset}' cannot be {most} bytes: {use.ReservedBytes} are promised to work in hand. Try again when that is over.");
        }
        return null;
    }

    /// <summary>A limit below what eviction could reach. What is used beyond it otherwise is evicted.</summary>
    public static FolderAnswer.Refused? ProblemOf(long limit, long pinned, long reserved) => limit >= pinned + reserved
        ? null
        : new("limit-too-low", $"The limit cannot be {limit} bytes: {pinned} are pinned and {reserved} are promised to work in hand. Unpin something, or drain the folder.");

    public static NewCacheFolder Apply(CacheFolder folder, FolderChange change)
    {
        var budgets = (folder.Uses ?? []).Where(use => use.BudgetBytes is not null).ToDictionary(use => use.Preset, use => use.BudgetBytes!.Value);
        foreach (var (preset, bytes) in change.Budgets ?? new Dictionary<string, long?>())
        {
            if (bytes is { } most) budgets[preset] = most;
            else budgets.Remove(preset);
        }
        return new(
            folder.Path, folder.Marker, change.Priority ?? folder.Priority, change.LimitBytes ?? folder.LimitBytes, change.FloorBytes ?? folder.FloorBytes,
            change.Presets ?? folder.Presets, budgets, folder.Draining);
    }

    public static IReadOnlyDictionary<string, long> Budgets(FolderChange change) =>
        (change.Budgets ?? new Dictionary<string, long?>()).Where(budget => budget.Value is not null).ToDictionary(budget => budget.Key, budget => budget.Value!.Value);
}
