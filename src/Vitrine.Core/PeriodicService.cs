using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vitrine.Core.Jobs;

namespace Vitrine.Core;

/// <summary>
/// A hosted loop of one step: runs it, waits for its pulse or its period, and goes on. It holds the one catch-all of all hosted
/// services: a step that throws is logged and tried again after the period, and never ends the node.
/// </summary>
public abstract partial class PeriodicService(TimeSpan period, Pulse pulse, TimeProvider time, ILogger logger) : BackgroundService
{
    private readonly FailureLog _failures = new(logger, time);

    /// <summary>Where it is set, a step runs on the one node that has this duty.</summary>
    internal Duty? Duty { get; set; }

    internal TimeSpan Pause => period;

    protected TimeProvider Time { get; } = time;

    protected ILogger Logger { get; } = logger;

    /// <summary>One step. True: there is more to do at once.</summary>
    protected abstract Task<bool> StepAsync(CancellationToken cancellation);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (Duty is not null) await Duty.ReleaseAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    /// <summary>One step without the loop: what it throws is the caller's.</summary>
    internal Task<bool> RunOnceAsync(CancellationToken cancellation) => StepAsync(cancellation);

    /// <summary>The loop itself, on the caller's thread where that has a context of its own: a host starts it on another one.</summary>
    internal async Task RunAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            var more = false;
            try
            {
                more = Duty is null ? await StepAsync(stoppingToken) : await Duty.RunAsync(StepAsync, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (DutyLostException lost)
            {
                LogLost(Logger, lost.Message);
            }
            catch (Exception failure)
            {
                _failures.Log(GetType().Name, failure);
            }
            if (!more) await pulse.WaitAsync(period, Time, stoppingToken);
        }
    }

    [LoggerMessage(3, LogLevel.Information, "A step ended without its last write: {Lost}")]
    private static partial void LogLost(ILogger logger, string lost);
}
