using Vitrine.Core.Jobs;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Jobs;

/// <summary>What came of an operation: the job, and what is in the way where there is something.</summary>
internal readonly record struct JobAnswer(Job? Job, Problem? Problem = null)
{
    public static JobAnswer Refused(Problem problem) => new(null, problem);
}

/// <summary>Commands of people to one job.</summary>
internal sealed class JobControl(IJobStore jobs, Signals signals)
{
    /// <summary>Null where it is unknown or not granted.</summary>
    public async Task<Job?> FindAsync(JobId id, Grants grants, CancellationToken cancellation) =>
        await jobs.GetAsync(id, cancellation) is { } job && grants.Allows(job.Scope.Library) ? job : null;

    /// <summary>A command that does not fit is a conflict, and the answer has the job all the same.</summary>
    public async Task<JobAnswer> RunAsync(JobId id, JobCommand command, Grants grants, CancellationToken cancellation)
    {
        if (await FindAsync(id, grants, cancellation) is null) return JobAnswer.Refused(Problems.NotFound);
        var fits = await jobs.ControlAsync(id, command, cancellation);
        if (await FindAsync(id, grants, cancellation) is not { } job) return JobAnswer.Refused(Problems.NotFound);
        if (!fits) return new(job, Problems.Conflict.With(Conflict(job, command)));
        signals.RingAll();
        return new(job);
    }

    /// <summary>As <see cref="RunAsync"/>, but a job that is so already is no conflict: the same request again ends the same way.</summary>
    public async Task<JobAnswer> EnsureAsync(JobId id, JobCommand command, Grants grants, CancellationToken cancellation)
    {
        var answer = await RunAsync(id, command, grants, cancellation);
        return answer is { Job: { } job, Problem: not null } && IsSo(job, command) ? new(job) : answer;
    }

    private static bool IsSo(Job job, JobCommand command) => command switch
    {
        JobCommand.Cancel => job.Status == JobStatus.Cancelled,
        JobCommand.Hold hold => !job.IsOver && job.Holds.HasFlag(hold.Cause),
        JobCommand.Lift lift => !job.IsOver && !job.Holds.HasFlag(lift.Cause),
        JobCommand.Prioritise prioritise => !job.IsOver && job.Class == prioritise.Class,
        _ => false,
    };

    private static string Conflict(Job job, JobCommand command) => command switch
    {
        JobCommand.Lift when !job.IsOver => "Nobody paused the job.",
        JobCommand.Hold when !job.IsOver => "The job is paused already.",
        _ => $"The job is {JobShape.StatusOf(job)}.",
    };
}
