using Microsoft.Extensions.Logging;
using Vitrine.Core.Files;

namespace Vitrine.Core.Alerts;

/// <summary>Raises an alert for each library beneath whose root paths were refused, and one for the cache folders. A person ends it: nothing here can know that the cause is gone.</summary>
public sealed class RefusedPathAlert(RefusedPaths refused, IAlertStore alerts, TimeProvider time, ILogger<RefusedPathAlert> logger)
    : PeriodicService(TimeSpan.FromSeconds(30), new Pulse(), time, logger)
{
    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        foreach (var root in refused.TakeRoots()) await alerts.RaiseAsync(For(root), cancellation);
        return false;
    }

    private static NewAlert For(RefusedRoot root) => new(
        AlertCode.PathRefused, root.Library is { } library ? $"library/{library}" : "folders", AlertSeverity.Warning,
        $"A path beneath the {(root.Library is null ? "directory of a cache folder" : "root of a library")} was refused: a link stands there, or a name could lead out. The log names it in its line 'Security: the path'.",
        root.Library, PlainText.Escape(root.Path));
}
