using Microsoft.Extensions.Logging;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.Alerts;

/// <summary>
/// Raises an alert while jobs wait and no node that is alive has workers. It takes two looks in a row, so that a start, or a command that only
/// answers for a moment, is none.
/// </summary>
public sealed class WorkerAlert(IAlertStore alerts, IJobStore jobs, INodeStore nodes, EngineOptions options, WorkerAlertSettings settings)
    : PeriodicService(TimeSpan.FromMinutes(1), new Pulse(), settings.Time, settings.Logger)
{
    private static readonly NewAlert Alert = new(AlertCode.NoWorkers, "", AlertSeverity.Error, "Jobs wait, and no node that is alive has workers.");

    private bool _wasSo;

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var isSo = !await AnyWorkerAsync(cancellation) && await AnyJobWaitsAsync(cancellation);
        if (isSo && _wasSo) await alerts.RaiseAsync(Alert, cancellation);
        if (!isSo) await alerts.ClearAsync(Alert.Code, Alert.Subject, cancellation);
        _wasSo = isSo;
        return false;
    }

    /// <summary>Alive as the stale clocks say: seen within two lease times.</summary>
    private async Task<bool> AnyWorkerAsync(CancellationToken cancellation) =>
        (await nodes.ListAsync(TimeSpan.FromSeconds(2 * options.LeaseSeconds), cancellation)).Any(node => node.Workers > 0);

    /// <summary>One that a hold keeps would wait with workers as well.</summary>
    private async Task<bool> AnyJobWaitsAsync(CancellationToken cancellation)
    {
        string? after = null;
        do
        {
            var open = await jobs.ListAsync(new(Open: true, After: after, Limit: 200), cancellation);
            if (open.Items.Any(job => job.Holds == Holds.None)) return true;
            after = open.Next;
        }
        while (after is not null);
        return false;
    }
}

/// <summary>What the alert needs beside its contracts.</summary>
public sealed record WorkerAlertSettings(TimeProvider Time, ILogger<WorkerAlert> Logger);
