using Microsoft.Extensions.Logging;
using Vitrine.Core.Files;

namespace Vitrine.Core.Alerts;

/// <summary>Raises one alert for each root beneath which paths were refused. A person ends it: nothing here can know that the cause is gone.</summary>
public sealed class RefusedPathAlert(RefusedPaths refused, IAlertStore alerts, TimeProvider time, ILogger<RefusedPathAlert> logger)
    : PeriodicService(TimeSpan.FromSeconds(30), new Pulse(), time, logger)
{
    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        foreach (var root in refused.TakeRoots()) await alerts.RaiseAsync(For(root), cancellation);
        return false;
    }

    private static NewAlert For(string root) => new(AlertCode.PathRefused, PlainText.Escape(root), AlertSeverity.Warning,
        $"A path beneath '{PlainText.Escape(root)}' was refused: a link stands there, or a name could lead out. The log names it in its line 'Security: the path'.");
}
