using Vitrine.Core.Jobs;

namespace Vitrine.Server.Jobs;

/// <summary>A job's status as people see it: one that waits for any cause is Paused.</summary>
internal enum JobStatusShape { Pending, Running, Paused, Completed, Failed, Cancelled }

/// <summary>Why a job waits: see <see cref="Holds"/>.</summary>
internal enum HoldShape { User = Holds.User, Window = Holds.Window, Folder = Holds.Folder, Root = Holds.Root, Disk = Holds.Disk }

/// <param name="Holds">Causes for which it waits.</param>
/// <param name="Planned">Whether <c>totalImages</c> is final.</param>
/// <param name="TotalImages">Items: images of a derive job, directories and archives of a scan.</param>
/// <param name="Reason">Why it failed or waits: a reason code.</param>
internal sealed record JobShape(
    JobId Id, Handler Type, JobStatusShape Status, IReadOnlyList<HoldShape> Holds, LibraryId LibraryId, JobId? ParentId, IReadOnlyList<string> Presets,
    bool Force, bool Planned, long TotalImages, long CompletedImages, long SkippedImages, long FailedImages, long CancelledImages, string? Reason,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset? LastProgressAt, long Version)
{
    public bool IsOver() => Status is JobStatusShape.Completed or JobStatusShape.Failed or JobStatusShape.Cancelled;

    public static JobShape Of(Job job) => new(
        job.Id, job.Handler, StatusOf(job), HoldsOf(job), job.Scope.Library, job.Parent, job.Scope.Presets, job.Scope.Force, job.Planned, job.Total,
        job.Completed, job.Skipped, job.Failed, job.Cancelled, job.Reason, job.CreatedAt, job.StartedAt, job.FinishedAt, job.LastProgressAt, job.Version);

    private static JobStatusShape StatusOf(Job job) => job.Status switch
    {
        _ when !job.IsOver && job.Holds != Core.Jobs.Holds.None => JobStatusShape.Paused,
        JobStatus.Pending => JobStatusShape.Pending,
        JobStatus.Running => JobStatusShape.Running,
        JobStatus.Completed => JobStatusShape.Completed,
        JobStatus.Failed => JobStatusShape.Failed,
        _ => JobStatusShape.Cancelled,
    };

    private static HoldShape[] HoldsOf(Job job) => [.. Enum.GetValues<HoldShape>().Where(hold => job.Holds.HasFlag((Holds)hold))];
}
