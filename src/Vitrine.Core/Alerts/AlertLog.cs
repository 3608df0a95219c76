using Microsoft.Extensions.Logging;

namespace Vitrine.Core.Alerts;

/// <summary>Writes what was raised into the log of one node. A node whose log takes no warnings leaves it to the others.</summary>
public sealed partial class AlertLog(IAlertStore alerts, TimeProvider time, ILogger<AlertLog> logger)
    : PeriodicService(TimeSpan.FromSeconds(5), new Pulse(), time, logger)
{
    private const int Limit = 100;

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        if (!Logger.IsEnabled(LogLevel.Warning)) return false;
        var raised = await alerts.TakeUnloggedAsync(Limit, cancellation);
        foreach (var alert in raised)
        {
            var text = alert.Path is null ? alert.Message : $"{alert.Message} ({alert.Path})";
            if (alert.Severity == AlertSeverity.Info) LogInfo(Logger, alert.Code, text);
            else LogRaised(Logger, alert.Code, text);
        }
        return raised.Count == Limit;
    }

    [LoggerMessage(170, LogLevel.Warning, "Alert {Code}: {Text}")]
    private static partial void LogRaised(ILogger logger, string code, string text);

    [LoggerMessage(171, LogLevel.Information, "Notice {Code}: {Text}")]
    private static partial void LogInfo(ILogger logger, string code, string text);
}
