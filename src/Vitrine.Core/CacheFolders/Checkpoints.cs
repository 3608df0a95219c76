using System.Text.Json;
using Microsoft.Extensions.Logging;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Settings;

namespace Vitrine.Core.CacheFolders;

/// <summary>
/// Derivatives can be made again, so they are not synced one by one: every few minutes one <c>syncfs</c> makes a whole disk safe. After a stop of the
/// machine, and when a disk comes back that was pulled out, the files since the last of those are read and compared with their rows.
/// </summary>
public sealed partial class Checkpoints(ISettingStore store, FolderStates states, IFolderDisk disk, TornFiles torn, CheckpointSettings settings)
    : PeriodicService(TimeSpan.FromSeconds(settings.Options.CheckpointSeconds), new Pulse(), settings.Time, settings.Logger)
{
    /// <summary>What is safe on one machine's disks says nothing of another's.</summary>
    private string Key => $"cacheCheckpoint{settings.Machine}";

    /// <summary>Files are written a little before their rows.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(2);

    private readonly HashSet<FolderId> _away = [];
    private Checkpoint? _last;

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        if (_last is null) return await BeginAsync(cancellation);
        foreach (var folder in await ReturnedAsync(cancellation)) await torn.CheckAsync(_last.At - Slack, folder, cancellation);
        await MakeAsync(cancellation);
        return false;
    }

    /// <summary>While the machine runs on, what the former process wrote is as safe or unsafe as it was, so its checkpoint stands.</summary>
    private async Task<bool> BeginAsync(CancellationToken cancellation)
    {
        var former = await store.GetAsync(Key, cancellation) is { } json ? JsonSerializer.Deserialize(json, SettingJson.Default.Checkpoint) : null;
        if (CheckpointRule.IsSuspect(former, settings.Boot))
        {
            await torn.CheckAsync(former!.At - Slack, null, cancellation);
            await MakeAsync(cancellation);
        }
        else
        {
            _last = former ?? await RecordAsync(new(settings.Boot, Time.GetUtcNow()), cancellation);
        }
        return false;
    }

    /// <summary>Folders that were away at the last look and are there now.</summary>
    private async Task<List<FolderId>> ReturnedAsync(CancellationToken cancellation)
    {
        var folders = (await states.ReadAsync(cancellation)).Folders;
        var back = folders.Where(f => f.Fault == FolderFault.None && _away.Remove(f.Folder.Id)).Select(f => f.Folder.Id).ToList();
        foreach (var gone in folders.Where(f => f.Fault == FolderFault.Missing)) _away.Add(gone.Folder.Id);
        return back;
    }

    /// <summary>The time is taken before the disks are synced: what is written meanwhile counts as younger.</summary>
    private async Task MakeAsync(CancellationToken cancellation)
    {
        var now = new Checkpoint(settings.Boot, Time.GetUtcNow());
        foreach (var state in (await states.ReadAsync(cancellation)).Folders.Where(f => f.Writable))
        {
            try
            {
                // A busy disk takes its time, and a stop does not wait for it.
                await Task.Run(() => disk.Sync(state.Folder.Path), cancellation).WaitAsync(cancellation);
            }
            catch (IOException failed)
            {
                LogFailed(Logger, state.Folder.Id, failed.Message);
                return;
            }
        }
        _last = await RecordAsync(now, cancellation);
    }

    private async Task<Checkpoint> RecordAsync(Checkpoint made, CancellationToken cancellation)
    {
        await store.SetAsync(Key, JsonSerializer.Serialize(made, SettingJson.Default.Checkpoint), cancellation);
        return made;
    }

    [LoggerMessage(192, LogLevel.Warning, "The disk of cache folder {Folder} could not be synced: {Problem}")]
    private static partial void LogFailed(ILogger logger, FolderId folder, string problem);
}

/// <param name="Boot">Of the machine: another one means that it stopped in between.</param>
/// <param name="At">What was written before is on the disks.</param>
public sealed record Checkpoint(string Boot, DateTimeOffset At);

/// <summary>
/// Whether files may be torn: the machine has stopped since, cleanly or not. Pure. A clean stop costs a look at some minutes' files, and needs no flag that could lie;
/// while the machine runs on, what was written is read back whole, whatever happened to the process.
/// </summary>
public static class CheckpointRule
{
    public static bool IsSuspect(Checkpoint? former, string boot) => former is not null && former.Boot != boot;
}

/// <summary>What checkpoints need beside their contracts.</summary>
/// <param name="Machine">Parts its checkpoints from those of other machines; empty where there are no others.</param>
public sealed record CheckpointSettings(CacheOptions Options, string Boot, string Machine, TimeProvider Time, ILogger<Checkpoints> Logger)
{
    /// <summary>The kernel's own id of this run of the machine; empty where there is none, and then no stop is seen.</summary>
    public static string ReadBoot()
    {
        const string path = "/proc/sys/kernel/random/boot_id";
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
    }
}
