using Microsoft.Extensions.Logging;
using Vitrine.Core.Decoding;
using Vitrine.Core.Files;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Derivatives;

/// <summary>
/// Makes the derivatives of a batch: decoded in one pass, written as files, committed group by group through the ledger. While one group is
/// written and committed, the next is decoded.
/// </summary>
public sealed partial class DeriveHandler(IDerivation derivation, GroupWriter writer, ILedger ledger, IBatchStore batches, DeriveSettings settings) : IBatchHandler
{
    /// <summary>Work of no job waits so long when it cannot be done now.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(10);

    public async Task RunAsync(HeldLease held, DecoderLane lane)
    {
        var (lease, cancellation) = (held.Lease, held.Lost);
        if (!settings.Roots.Probe(lease.Root).IsHealthy(lease.Mount, hadContent: true))
        {
            await HandBackAsync(lease, settings.Reach.Lose(lease.Library));
            return;
        }
        var (open, present) = Split(lease);
        var verdict = await CommitAsync(lease, present, cancellation);
        if (verdict != Verdict.GoOn || open.Count == 0)
        {
            await EndAsync(lease, verdict);
            return;
        }
        await EndAsync(lease, await DeriveAsync(lease with { Items = open }, lane, held));
    }

    private async Task<Verdict> DeriveAsync(Lease lease, DecoderLane lane, HeldLease held)
    {
        var cancellation = held.Lost;
        var pending = Task.FromResult(Verdict.GoOn);
        try
        {
            await foreach (var group in derivation.RunAsync(lease, lane, new(BeginAsync, PassedAsync), held.Stop, cancellation))
            {
                if (await pending is var verdict && verdict != Verdict.GoOn) return verdict;
                pending = WriteAsync(lease, group, cancellation);
            }
        }
        finally
        {
            // Also when decoding throws: what is being committed ends first, since it may delete files.
            await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            writer.Forget(lease);
        }
        return await pending;

        Task<bool> BeginAsync(WorkItem item) => batches.BeginAsync(lease.Token, item.Item, cancellation);

        async Task<bool> PassedAsync() => (await ledger.CommitAsync(lease, [], cancellation)).State != CommitState.Fenced;
    }

    private async Task<Verdict> WriteAsync(Lease lease, IReadOnlyList<DerivedItem> group, CancellationToken cancellation)
    {
        if (group.Any(item => item.Reason is Reason.SourceMissing or Reason.SourceUnreadable)
            && !settings.Roots.Probe(lease.Root).IsHealthy(lease.Mount, hadContent: true)) return Verdict.Root;
        foreach (var link in group.Where(item => item.Reason == Reason.SourceLink))
            settings.Refused.Note(lease.Root, $"{lease.Path.Text}/{link.Item.RawName}", RefusedPaths.Link, lease.Library);
        using var written = await writer.WriteAsync(lease, group, cancellation);
        if (written.Fault != Verdict.GoOn) return written.Fault;
        return await CommitAsync(lease, lease.Job is null ? written.Results : [.. written.Results.Select(settings.Retries.Apply)], cancellation, written);
    }

    private async Task<Verdict> CommitAsync(Lease lease, IReadOnlyList<ItemResult> results, CancellationToken cancellation, WrittenGroup? written = null)
    {
        if (results.Count == 0 && lease.Items.Count > 0) return Verdict.GoOn;
        var answer = await ledger.CommitAsync(lease, results, cancellation);
        written?.Committed(answer);
        Count(lease, answer, results);
        return answer switch
        {
            { State: CommitState.Fenced } => Verdict.Fenced,
            { State: CommitState.Held } => Verdict.Held,
            { Open.Count: > 0 } => Verdict.Again,
            _ => Verdict.GoOn,
        };
    }

    private void Count(Lease lease, CommitAnswer answer, IReadOnlyList<ItemResult> results)
    {
        var telemetry = settings.Telemetry;
        if (answer.State == CommitState.Fenced)
        {
            telemetry.CommitsFenced.Add();
            return;
        }
        telemetry.ItemsDone.Add(results.Count(r => r.Outcome == Outcome.Done));
        telemetry.ItemsSkipped.Add(results.Count(r => r.Outcome == Outcome.Skipped));
        telemetry.ItemsFailed.Add(results.Count(r => r is { Outcome: Outcome.Failed, RetryAfter: null }));
        telemetry.ItemsRetried.Add(results.Count(r => r.RetryAfter is not null));
        foreach (var failed in results.Where(r => r is { Outcome: Outcome.Failed, RetryAfter: null }))
            LogFailed(settings.Logger, failed.Item, lease.Collection, failed.Reason, failed.Message);
    }

    private async Task EndAsync(Lease lease, Verdict verdict)
    {
        if (verdict is Verdict.GoOn or Verdict.Fenced) return;
        await HandBackAsync(lease, verdict switch
        {
            Verdict.Root => settings.Reach.Lose(lease.Library),
            Verdict.Disk => Holds.Disk,
            Verdict.NoThumbnails => Holds.Folder,
            _ => Holds.None,
        });
    }

    private async Task HandBackAsync(Lease lease, Holds hold)
    {
        if (hold != Holds.None) LogHeld(settings.Logger, lease.Batch, hold);
        var notBefore = lease.Job is null ? settings.Time.GetUtcNow() + Later : (DateTimeOffset?)null;
        await batches.ReleaseAsync(new BatchRelease.HandedBack(lease.Token, notBefore, hold), CancellationToken.None);
    }

    /// <summary>Items that have all they should have are Skipped; the rest is to be made.</summary>
    private static (IReadOnlyList<WorkItem> Open, IReadOnlyList<ItemResult> Present) Split(Lease lease) => (
        [.. lease.Items.Where(item => item.Presets.Count > 0)],
        [.. lease.Items.Where(item => item.Presets.Count == 0).Select(item => new ItemResult(item.Item, Outcome.Skipped, Reason.Present))]);

    [LoggerMessage(150, LogLevel.Warning, "Image {Image} of collection {Collection} failed: {Reason} {Detail}")]
    private static partial void LogFailed(ILogger logger, long image, CollectionId collection, string? reason, string? detail);

    [LoggerMessage(151, LogLevel.Warning, "Batch {Batch} waits: {Hold}.")]
    private static partial void LogHeld(ILogger logger, BatchId batch, Holds hold);
}

/// <summary>How a group ended for its batch.</summary>
public enum Verdict
{
    GoOn,

    /// <summary>The lease is no longer ours.</summary>
    Fenced,

    /// <summary>The job has a hold: hand back the rest.</summary>
    Held,

    /// <summary>Some items stay open: hand back, and make them anew.</summary>
    Again,

    /// <summary>The library's root is not what it was.</summary>
    Root,

    /// <summary>A disk answered with an error while writing.</summary>
    Disk,

    /// <summary>No folder takes thumbnails.</summary>
    NoThumbnails,
}

/// <summary>What deriving needs beside its contracts.</summary>
public sealed record DeriveSettings(IRootProbe Roots, Reach Reach, RetryPolicy Retries, RefusedPaths Refused, Telemetry Telemetry, TimeProvider Time, ILogger<DeriveHandler> Logger);
