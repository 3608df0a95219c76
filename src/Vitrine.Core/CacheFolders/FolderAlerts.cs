using Microsoft.Extensions.Logging;
using Vitrine.Core.Alerts;
using Vitrine.Core.Derivatives;

namespace Vitrine.Core.CacheFolders;

/// <summary>Says what is wrong with cache folders and their disks, and takes it back when it is well again.</summary>
public sealed class FolderAlerts(FolderStates states, IAlertStore alerts, TimeProvider time, ILogger<FolderAlerts> logger)
    : PeriodicService(TimeSpan.FromSeconds(2), new Pulse(), time, logger)
{
    /// <summary>Longer than between two looks of this node: another one may have raised what this one took back.</summary>
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(20);

    private readonly HashSet<(string Code, string Subject)> _clear = [];
    private long _lookedAt;

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        if (Time.GetElapsedTime(_lookedAt) > Gap) _clear.Clear();
        _lookedAt = Time.GetTimestamp();
        states.Refresh();
        var view = await states.ReadAsync(cancellation);
        foreach (var state in view.Folders)
        {
            foreach (var code in FolderAlert.Codes) await SetAsync(FolderAlert.For(state, code), code, $"folder/{state.Folder.Id}", cancellation);
        }
        return false;
    }

    /// <summary>The first look takes back what a former run has raised.</summary>
    private async Task SetAsync(NewAlert? alert, string code, string subject, CancellationToken cancellation)
    {
        if (alert is not null)
        {
            _clear.Remove((code, subject));
            await alerts.RaiseAsync(alert, cancellation);
        }
        else if (!_clear.Contains((code, subject)))
        {
            await alerts.ClearAsync(code, subject, cancellation);
            _clear.Add((code, subject));
        }
    }
}

/// <summary>What is wrong with a folder, for people. Pure.</summary>
public static class FolderAlert
{
    public static IReadOnlyList<string> Codes { get; } =
    [
        AlertCode.FolderMissing, AlertCode.FolderNotOurs, AlertCode.FolderReadOnly, AlertCode.FolderDiskFull, AlertCode.FolderFailing, AlertCode.FolderBelowFloor,
    ];

    /// <summary>Null where this is not what is wrong.</summary>
    public static NewAlert? For(FolderState state, string code) => CodeOf(state) == code
        ? new(code, $"folder/{state.Folder.Id}", code == AlertCode.FolderBelowFloor ? AlertSeverity.Warning : AlertSeverity.Error, Text(state, code), Path: state.Folder.Path)
        : null;

    private static string? CodeOf(FolderState state) => state.Fault switch
    {
        FolderFault.Missing => AlertCode.FolderMissing,
        FolderFault.NotOurs => AlertCode.FolderNotOurs,
        FolderFault.ReadOnly => AlertCode.FolderReadOnly,
        FolderFault.Full => AlertCode.FolderDiskFull,
        FolderFault.Failing => AlertCode.FolderFailing,
        _ => state.FreeBytes < state.Folder.FloorBytes && state.Folder.Active ? AlertCode.FolderBelowFloor : null,
    };

    private static string Text(FolderState state, string code)
    {
        var folder = state.Folder.Id;
        return code switch
        {
            AlertCode.FolderMissing => $"The cache folder {folder} is not there: mount or plug in its disk.",
            AlertCode.FolderNotOurs => $"The cache folder {folder} has no marker of this installation: mount its disk, or remove the folder from the installation that owns it.",
            AlertCode.FolderReadOnly => $"The cache folder {folder} cannot be written: mend its permissions, or its mount.",
            AlertCode.FolderDiskFull => $"The disk of the cache folder {folder} is full, or its quota: free space.",
            AlertCode.FolderFailing => $"The disk of the cache folder {folder} answers with errors: look at it.",
            _ => $"The disk of the cache folder {folder} has {state.FreeBytes} bytes free, which is below the folder's floor of {state.Folder.FloorBytes}: free space, or lower the floor.",
        };
    }
}
