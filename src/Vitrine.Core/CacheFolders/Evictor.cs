using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Vitrine.Core.Derivatives;

namespace Vitrine.Core.CacheFolders;

/// <summary>
/// Takes away what can be made again, when somebody waits for something else: down to the low water mark of a folder that on-demand work has filled above the
/// high one, and below the limit of a folder whose limit was lowered. Rows go first and files afterwards: what a crash leaves is a file of nobody, for clean-up.
/// </summary>
public sealed partial class Evictor(ICacheFolderStore store, FolderStates states, IBlobPlaces places, IDerivativeStore files, EvictorSettings settings)
    : PeriodicService(TimeSpan.FromMinutes(1), settings.Pulse, settings.Time, settings.Logger)
{
    /// <summary>Candidates of one preset that are compared at a time.</summary>
    private const int Candidates = 512;

    /// <summary>Folders that on-demand work has filled, with what it put there.</summary>
    private readonly ConcurrentDictionary<FolderId, long> _filled = new();

    private WaterMarks Marks => new(settings.Options.HighWaterPercent, settings.Options.LowWaterPercent);

    /// <summary>On-demand work put these bytes there: where that passes the high mark, room is made behind it.</summary>
    public void Suggest(CacheFolder folder, long bytes)
    {
        if (Marks.ToFree(folder, bytes) == 0) return;
        _filled[folder.Id] = bytes;
        settings.Pulse.Ring();
    }

    /// <summary>A limit has changed: looked at now.</summary>
    public void Ring() => settings.Pulse.Ring();

    /// <summary>Frees room for one file in the best folder that would take it. False: nothing there may go.</summary>
    public async Task<bool> MakeRoomAsync(CollectionId collection, string preset, long bytes, CancellationToken cancellation)
    {
        var view = await states.ReadAsync(cancellation);
        foreach (var state in Placement.Ranked(view.Folders.Where(f => Placement.TakesFiles(f, preset)), collection))
        {
            var missing = bytes - state.RoomFor(preset);
            // A budget is freed by its own preset alone.
            var budget = state.Folder.BudgetOf(preset);
            var tiers = Eviction.Tiers(budget is null ? HeldIn(state.Folder) : [budget], preset);
            if (missing > 0 && await FreeAsync(state.Folder, tiers, missing, cancellation) < missing) continue;
            states.Refresh();
            return true;
        }
        return false;
    }

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        foreach (var folder in await store.ListAsync(cancellation))
        {
            var bytes = WaterMarks.Beyond(folder);
            if (bytes > 0) await FreeAsync(folder, Eviction.Tiers(HeldIn(folder), null), bytes, cancellation);
            else if (_filled.TryRemove(folder.Id, out var filled)) await FreeAsync(folder, Eviction.Tiers(HeldIn(folder), Preset.Display.Name), Marks.ToFree(folder, filled), cancellation);
        }
        return false;
    }

    private static IEnumerable<string> HeldIn(CacheFolder folder) => (folder.Uses ?? []).Where(use => use.Blobs > 0).Select(use => use.Preset);

    /// <summary>Answers how many bytes went.</summary>
    private async Task<long> FreeAsync(CacheFolder folder, IEnumerable<IReadOnlyList<string>> tiers, long bytes, CancellationToken cancellation)
    {
        var freed = 0L;
        foreach (var tier in tiers)
        {
            var after = tier.ToDictionary(preset => preset, _ => (EvictionCandidate?)null);
            while (freed < bytes && await CandidatesAsync(folder, after, cancellation) is { Count: > 0 } candidates)
                freed += await EvictAsync(folder, Eviction.Choose(candidates, bytes - freed, Time.GetUtcNow()), cancellation);
        }
        if (freed > 0)
        {
            LogFreed(Logger, freed, folder.Id, bytes);
            states.Refresh();
        }
        return freed;
    }

    /// <summary>The next ones of each preset. What is pinned or shared is passed over, however much of it there is.</summary>
    private async Task<List<EvictionCandidate>> CandidatesAsync(CacheFolder folder, Dictionary<string, EvictionCandidate?> after, CancellationToken cancellation)
    {
        var candidates = new List<EvictionCandidate>();
        foreach (var preset in after.Keys.ToList())
        {
            var page = await places.LeastUsedAsync(folder.Id, preset, Candidates, cancellation, after[preset]);
            if (page.Count == 0) continue;
            after[preset] = page[^1];
            candidates.AddRange(page);
        }
        return candidates;
    }

    private async Task<long> EvictAsync(CacheFolder folder, IReadOnlyList<BlobId> chosen, CancellationToken cancellation)
    {
        var gone = 0L;
        for (var at = 0; at < chosen.Count;)
        {
            var evicted = await places.EvictAsync(folder.Id, [.. chosen.Skip(at)], cancellation);
            at += Math.Max(1, evicted.Looked);
            foreach (var file in evicted.Files)
            {
                gone += file.Size;
                Delete(folder, file);
            }
        }
        return gone;
    }

    private void Delete(CacheFolder folder, BlobFile file)
    {
        try
        {
            files.Delete(folder.Path, file.Name);
        }
        catch (Exception disk) when (disk is IOException or UnauthorizedAccessException)
        {
            LogLeft(Logger, file.Name, disk.Message);
        }
    }

    [LoggerMessage(180, LogLevel.Information, "{Freed} bytes were evicted from cache folder {Folder}; {Wanted} were wanted.")]
    private static partial void LogFreed(ILogger logger, long freed, FolderId folder, long wanted);

    [LoggerMessage(181, LogLevel.Warning, "{File} was evicted and could not be deleted; clean-up does it: {Problem}")]
    private static partial void LogLeft(ILogger logger, string file, string problem);
}

/// <summary>What eviction needs beside its contracts.</summary>
public sealed record EvictorSettings(CacheOptions Options, TimeProvider Time, ILogger<Evictor> Logger)
{
    internal Pulse Pulse { get; } = new();
}
