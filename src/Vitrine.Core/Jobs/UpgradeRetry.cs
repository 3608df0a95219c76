using Microsoft.Extensions.Logging;
using Vitrine.Core.Decoding;
using Vitrine.Core.Users;

namespace Vitrine.Core.Jobs;

/// <summary>
/// At its start a node tries again what a decoder of another version judged: a newer one may read it. Jobs are keyed by the version, so that
/// several nodes and later starts add none.
/// </summary>
public sealed partial class UpgradeRetry(IFailureStore failures, DecoderPools decoders, Signals signals, TimeProvider time, ILogger<UpgradeRetry> logger)
    : PeriodicService(TimeSpan.FromMinutes(1), new Pulse(), time, logger)
{
    private bool _done;

    /// <summary>Until a decoder could be asked: one that does not start is a surprise, which is logged and tried again.</summary>
    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        if (_done) return false;
        await RetryAsync(decoders.VersionOf(await decoders.Bundled.HelloAsync(cancellation)), cancellation);
        _done = true;
        return false;
    }

    /// <summary>What is ignored, or is no decoder's judgement, stays.</summary>
    public static FailureQuery.Standing Selection(string version) => new(
        Reasons: [.. Reason.All.Where(reason => reason.OfDecoder).Select(reason => reason.Code)], OtherThan: version, Ignored: false);

    private async Task RetryAsync(string version, CancellationToken cancellation)
    {
        // The space in front keeps it apart from every key of a request.
        var added = await failures.RetryAsync(Grants.All, Selection(version), $" upgrade {version}", cancellation) ?? [];
        foreach (var job in added.Where(job => !job.IsOver)) LogRetried(Logger, job.Id, job.Scope.Library, version);
        if (added.Count > 0) signals.RingAll();
    }

    [LoggerMessage(125, LogLevel.Information, "Job {Job} tries again what another decoder than {Version} could not read in library {Library}.")]
    private static partial void LogRetried(ILogger logger, JobId job, LibraryId library, string version);
}
