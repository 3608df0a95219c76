using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Schedules;

/// <param name="Message">What was found, in one line.</param>
public sealed record ActEnd(ScheduleEnd How, string? Message);

/// <summary>Runs what is no job, to its end.</summary>
public delegate Task<ActEnd> RunAct(ScheduleKind kind, CancellationToken cancellation);

/// <summary>What a schedule sets going.</summary>
public sealed class SchedulerActs(ILibraryStore libraries, IJobStore jobs, RunAct run)
{
    /// <summary>Null: the library is gone.</summary>
    public async Task<Job?> ScanAsync(LibraryId id, ScanMode mode, string idempotencyKey, CancellationToken cancellation) =>
        (await libraries.ListAsync(cancellation)).FirstOrDefault(library => library.Id == id) is { } library
            ? await jobs.AddAsync(mode.ToJob(library, idempotencyKey), cancellation)
            : null;

    public Task<ActEnd> RunAsync(ScheduleKind kind, CancellationToken cancellation) => run(kind, cancellation);
}
