using Microsoft.Extensions.Logging;
using Vitrine.Core.Alerts;
using Vitrine.Core.Derivatives;

namespace Vitrine.Core.CacheFolders;

/// <summary>Says what of this node's work found no room, and takes it back when there is room again.</summary>
public sealed class RoomAlert(FolderStates states, Room room, IAlertStore alerts, TimeProvider time, ILogger<RoomAlert> logger)
    : PeriodicService(TimeSpan.FromSeconds(2), new Pulse(), time, logger)
{
    private long _unplaced;

    /// <summary>The first look takes back what a former run has raised.</summary>
    private bool _standing = true;

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var view = await states.ReadAsync(cancellation);
        _unplaced += room.TakeUnplaced();
        if (NoRoomAlert.IsOver(view)) _unplaced = 0;
        if (_unplaced > 0) await alerts.RaiseAsync(NoRoomAlert.For(view, _unplaced), cancellation);
        else if (_standing) await alerts.ClearAsync(AlertCode.NoRoom, NoRoomAlert.Subject, cancellation);
        _standing = _unplaced > 0;
        return false;
    }
}

/// <summary>One alert for all presets that found no room. Pure.</summary>
public static class NoRoomAlert
{
    public const string Subject = "cache";

    public static NewAlert For(FolderView view, long bytes)
    {
        var full = view.Folders.Where(f => Placement.TakesFiles(f, Preset.Display.Name)).Select(f => $"{f.Folder.Id} (limit {f.Folder.LimitBytes} bytes)").ToList();
        var where = full.Count == 0 ? "no cache folder takes them" : $"no room in cache folder {string.Join(", ", full)}";
        return new(AlertCode.NoRoom, Subject, AlertSeverity.Warning,
            $"{bytes} bytes of presets larger than thumbnails were not made: {where}. Raise a limit or add a folder; they are made when somebody asks for them.");
    }

    /// <summary>There is room again: more than would be gone at once.</summary>
    public static bool IsOver(FolderView view) => view.Folders.Any(f =>
        f.RoomFor(Preset.Display.Name) - (f.Folder.Takes(Preset.Thumbnail.Name) ? view.OwedBytes : 0) > f.Folder.LimitBytes / 20);
}
