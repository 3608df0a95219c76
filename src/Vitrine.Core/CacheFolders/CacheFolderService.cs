using Microsoft.Extensions.Logging;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Files;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.CacheFolders;

/// <summary>Adds, changes, drains and removes cache folders, after the checks that keep them apart from libraries, from one another and from other installations.</summary>
public sealed partial class CacheFolderService(
    ICacheFolderStore store, IBlobPlaces places, IFolderDisk disk, FolderPlaces where, FolderServiceSettings settings)
{
    public async Task<CacheFolder?> FindAsync(FolderId id, CancellationToken cancellation) =>
        (await store.ListAsync(cancellation)).FirstOrDefault(folder => folder.Id == id);

    /// <summary>Adds a folder, and makes its directory where its parent is there. Without a limit or floor it gets those of the first folder of a start.</summary>
    public async Task<FolderAnswer> AddAsync(string path, FolderChange wanted, CancellationToken cancellation)
    {
        var answer = await TryAddAsync(path, wanted, cancellation);
        if (answer is FolderAnswer.Refused refused) LogRefused(settings.Logger, PlainText.Escape(path), refused.Code, PlainText.Escape(refused.Message));
        return answer;
    }

    /// <summary>Changes what is not null; null where there is no such folder.</summary>
    public async Task<FolderAnswer?> ChangeAsync(FolderId id, FolderChange change, CancellationToken cancellation)
    {
        if (await FindAsync(id, cancellation) is not { } folder) return null;
        if (FolderLimits.ProblemOf(change, folder, settings.Presets.Now) is { } wrong) return wrong;
        if (change.LimitBytes is { } limit && limit < folder.LimitBytes
            && FolderLimits.ProblemOf(limit, await places.PinnedBytesAsync(id, cancellation), folder.ReservedBytes) is { } low) return low;
        return await UpdateAsync(folder, FolderLimits.Apply(folder, change), change.Active ?? folder.Active, cancellation);
    }

    /// <summary>Moves what is in the folder elsewhere, or no longer; null where there is no such folder.</summary>
    public async Task<FolderAnswer?> DrainAsync(FolderId id, bool draining, CancellationToken cancellation)
    {
        if (await FindAsync(id, cancellation) is not { } folder) return null;
        return await UpdateAsync(folder, FolderLimits.Apply(folder, new()) with { Draining = draining }, folder.Active, cancellation);
    }

    /// <summary>Gives an empty folder up: its marker and our files without a row go, and its directory stays. Null where there is no such folder.</summary>
    public async Task<FolderAnswer?> RemoveAsync(FolderId id, CancellationToken cancellation)
    {
        if (await FindAsync(id, cancellation) is not { } folder) return null;
        if (!await store.RemoveAsync(id, cancellation))
        {
            var now = await FindAsync(id, cancellation) ?? folder;
            return new FolderAnswer.Refused("not-empty",
                $"{now.Blobs} files with {now.Bytes} bytes are left in '{now.Path}', and {now.ReservedBytes} bytes are promised to work in hand: drain it first.");
        }
        settings.States.Refresh();
        return new FolderAnswer.Removed(disk.Release(folder.Path, folder.Marker));
    }

    private async Task<FolderAnswer> TryAddAsync(string path, FolderChange wanted, CancellationToken cancellation)
    {
        if (FolderLimits.ProblemOf(wanted, null, settings.Presets.Now) is { } wrong) return wrong;
        FolderSight sight;
        try
        {
            sight = disk.Look(path);
        }
        catch (CacheFolderException refused)
        {
            return new FolderAnswer.Refused(refused.Code, refused.Message);
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            return new FolderAnswer.Refused("unreadable", $"'{path}' cannot be looked at: {unread.Message}");
        }
        var known = await store.ListAsync(cancellation);
        if (FolderSightRules.ProblemOf(path, sight) is { } unfit) return unfit;
        if (await where.ProblemOfAsync(path, sight.Real!, known, cancellation) is { } elsewhere) return elsewhere;
        if (FolderSightRules.ProblemOf(path, sight, known, settings.Installation.Id) is { } taken) return taken;
        if (known.FirstOrDefault(other => sight.Exists && disk.IsSame(sight.Real!, other.Path)) is { } same)
            return new FolderAnswer.Refused("known", $"'{path}' is the cache folder '{same.Path}' by another name.");
        return await AddAsync(sight, wanted, cancellation);
    }

    private async Task<FolderAnswer> AddAsync(FolderSight sight, FolderChange wanted, CancellationToken cancellation)
    {
        var marker = sight.Marker?.Id ?? Guid.NewGuid();
        disk.Mark(sight.Real!, marker);
        var health = settings.Files.Probe(sight.Real!, marker);
        var (limit, floor) = FolderLimits.Default(health);
        var added = await store.AddAsync(
            new(sight.Real!, marker, wanted.Priority ?? 0, wanted.LimitBytes ?? limit, wanted.FloorBytes ?? floor, wanted.Presets ?? [], FolderLimits.Budgets(wanted)), cancellation);
        if (added is null) return new FolderAnswer.Refused("known", $"'{sight.Real}' was just added by somebody else.");
        settings.States.Refresh();
        return new FolderAnswer.Stored(added);
    }

    private async Task<FolderAnswer?> UpdateAsync(CacheFolder folder, NewCacheFolder changed, bool active, CancellationToken cancellation)
    {
        if (!await store.UpdateAsync(folder.Id, changed, active, cancellation)) return null;
        settings.States.Refresh();
        settings.Drainer.Ring();
        settings.Evictor.Ring();
        return await FindAsync(folder.Id, cancellation) is { } now ? new FolderAnswer.Stored(now) : null;
    }

    [LoggerMessage(191, LogLevel.Warning, "Security: the path {Path} was refused as a cache folder ({Code}): {Text}")]
    private static partial void LogRefused(ILogger logger, string path, string code, string text);
}

/// <summary>Null leaves a value as it is, or as the default.</summary>
/// <param name="Budgets">Bytes by preset; null for a preset takes its budget away. What is not named stays.</param>
public sealed record FolderChange(
    int? Priority = null, long? LimitBytes = null, long? FloorBytes = null, IReadOnlyList<string>? Presets = null,
    IReadOnlyDictionary<string, long?>? Budgets = null, bool? Active = null);

public abstract record FolderAnswer
{
    private FolderAnswer() { }

    public sealed record Stored(CacheFolder Folder) : FolderAnswer;

    /// <param name="LeftFiles">Files in its directory that are none of ours.</param>
    public sealed record Removed(int LeftFiles) : FolderAnswer;

    /// <param name="Code">
    /// One of: path-refused, missing, not-a-folder, unreadable, link, inside-library, contains-library, inside-folder, contains-folder, contains-data, known,
    /// not-writable, not-empty, other-installation, bad-priority, bad-limit, bad-floor, bad-preset, bad-budget, limit-too-low, budget-too-low.
    /// </param>
    /// <param name="Message">One line: what, why, and what to do.</param>
    public sealed record Refused(string Code, string Message) : FolderAnswer;
}

/// <summary>What the service needs beside its contracts.</summary>
public sealed record FolderServiceSettings(
    FolderStates States, IDerivativeStore Files, Installation Installation, Presets Presets, Drainer Drainer, Evictor Evictor, ILogger<CacheFolderService> Logger);
