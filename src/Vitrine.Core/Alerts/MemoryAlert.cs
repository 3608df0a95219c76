using Microsoft.Extensions.Logging;

namespace Vitrine.Core.Alerts;

/// <summary>Raises an alert when this node's decoders were short of memory, and clears it when they were not for an hour.</summary>
public sealed class MemoryAlert(IAlertStore alerts, Telemetry telemetry, TimeProvider time, ILogger<MemoryAlert> logger)
    : PeriodicService(TimeSpan.FromMinutes(1), new Pulse(), time, logger)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromHours(1);

    private static readonly NewAlert Alert = new(
        AlertCode.DecoderMemory, "", AlertSeverity.Warning,
        "Decoders were short of memory: pictures were refused with 'out-of-memory' or 'too-many-pixels', or the system ended a decoder. Give the machine more, start fewer workers, or raise Decode:LargeChildMemoryBytes.");

    private long _seen;
    private long _since = time.GetTimestamp();

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var now = telemetry.MemoryRefusals.Value;
        if (now > _seen)
        {
            await alerts.RaiseAsync(Alert, cancellation);
            (_seen, _since) = (now, Time.GetTimestamp());
        }
        else if (Time.GetElapsedTime(_since) >= Quiet)
        {
            await alerts.ClearAsync(Alert.Code, Alert.Subject, cancellation);
            _since = Time.GetTimestamp();
        }
        return false;
    }
}
