using Microsoft.Extensions.Logging;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Alerts;

/// <summary>
/// Raises an alert while jobs wait and no node that is alive has workers, or none of those that have some works on a job's library. It takes two looks in a row,
/// so that a start, or a command that only answers for a moment, is none.
/// </summary>
public sealed class WorkerAlert(IAlertStore alerts, WorkerAlertStores stores, EngineOptions options, WorkerAlertSettings settings)
    : PeriodicService(TimeSpan.FromMinutes(1), new Pulse(), settings.Time, settings.Logger)
{
    private static readonly NewAlert General = new(AlertCode.NoWorkers, "", AlertSeverity.Error, "Jobs wait, and no node that is alive has workers.");

    /// <summary>What the last look showed, by subject.</summary>
    private HashSet<string> _before = [];

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        // Alive as the stale clocks say: seen within two lease times.
        var alive = await stores.Nodes.ListAsync(TimeSpan.FromSeconds(2 * options.LeaseSeconds), cancellation);
        var working = alive.Where(node => node.Workers > 0).ToList();
        var waiting = await WaitingAsync(cancellation);
        var isSo = new HashSet<string>();
        await LookAsync(General, working.Count == 0 && waiting.Count > 0, isSo, cancellation);
        foreach (var library in await stores.Libraries.ListAsync(cancellation))
        {
            var unserved = working.Count > 0 && waiting.Contains(library.Id) && working.TrueForAll(node => node.Unable.Contains(library.Id));
            await LookAsync(Of(library), unserved, isSo, cancellation);
        }
        _before = isSo;
        return false;
    }

    private static NewAlert Of(Library library) => new(
        AlertCode.NoWorkers, $"library/{library.Id}", AlertSeverity.Error,
        $"Jobs of the library '{library.Name}' wait, and none of the nodes that work may work on it: give one of them one of its labels, or take them from it.", library.Id);

    private async Task LookAsync(NewAlert alert, bool raise, HashSet<string> isSo, CancellationToken cancellation)
    {
        if (!raise)
        {
            await alerts.ClearAsync(alert.Code, alert.Subject, cancellation);
            return;
        }
        isSo.Add(alert.Subject);
        if (_before.Contains(alert.Subject)) await alerts.RaiseAsync(alert, cancellation);
    }

    /// <summary>Libraries of open jobs. One that a hold keeps would wait with workers as well.</summary>
    private async Task<HashSet<LibraryId>> WaitingAsync(CancellationToken cancellation)
    {
        var libraries = new HashSet<LibraryId>();
        string? after = null;
        do
        {
            var open = await stores.Jobs.ListAsync(new(Open: true, After: after, Limit: 200), cancellation);
            libraries.UnionWith(open.Items.Where(job => job.Holds == Holds.None).Select(job => job.Scope.Library));
            after = open.Next;
        }
        while (after is not null);
        return libraries;
    }
}

/// <summary>Where it looks.</summary>
public sealed record WorkerAlertStores(IJobStore Jobs, INodeStore Nodes, ILibraryStore Libraries);

/// <summary>What the alert needs beside its contracts.</summary>
public sealed record WorkerAlertSettings(TimeProvider Time, ILogger<WorkerAlert> Logger);
