using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Sql;

/// <summary>One request to try failures again, within its transaction: the jobs that it adds, or those that it added before.</summary>
internal sealed class FailureRetry(SqlSession sql, SqlJobStore jobs, Grants grants, string? key)
{
    /// <summary>Null: there is no such job or batch.</summary>
    public IReadOnlyList<Job>? Add(FailureQuery selection)
    {
        if (Known() is { Count: > 0 } known) return known;
        switch (selection)
        {
            case FailureQuery.OfJob of:
                return JobRows.Get(sql, of.Job.Value) is { } job && grants.Allows(job.Scope.Library) ? AgainOf(job, of) : null;
            case FailureQuery.OfBatch of:
                if (DeadBatches.Find(sql, grants, of.Batch.Value) is not { } dead) return null;
                DeadBatches.Drop(sql, of.Batch.Value);
                return Again(JobRows.Get(sql, dead.Job.Value)!, of);
            case FailureQuery.Standing standing:
                return Standing(standing);
            default:
                throw new NotSupportedException(selection.GetType().Name);
        }
    }

    /// <summary>
    /// A retry may be several jobs: each has the request's key and what tells them apart after a space, which no key of a request contains,
    /// so that they are one range.
    /// </summary>
    private List<Job> Known() => key is null
        ? []
        : sql.Query($"{JobRows.Select} WHERE idempotency_key > $1 AND idempotency_key < $2 ORDER BY id", JobRows.Map, $"{key} ", $"{key}!")
            .FindAll(job => grants.Allows(job.Scope.Library));

    private List<Job> AgainOf(Job job, FailureQuery.OfJob of)
    {
        DeadBatches.DropOfJob(sql, job.Id.Value);
        return Again(job, of);
    }

    private List<Job> Again(Job job, FailureQuery selection) =>
        Added(new(job.Handler, new(job.Scope.Library, job.Scope.Presets, Failures: selection), job.Class, Parent: job.Id));

    private List<Job> Standing(FailureQuery.Standing selection)
    {
        var libraries = LibraryRows.List(sql).ToDictionary(l => l.Id);
        var groups = StandingListing.Groups(sql, grants).Where(selection.Selects).Select(group => (group.Library, group.Kind)).Distinct();
        return [.. groups.SelectMany(group => Added(NewJob(libraries[group.Library], group.Kind, selection)))];
    }

    private static NewJob NewJob(Library library, Handler kind, FailureQuery.Standing selection) => new(
        kind, new(library.Id, library.Settings.Presets, Failures: selection with { Library = library.Id, Kind = kind }));

    private List<Job> Added(NewJob job)
    {
        var own = key is null ? null : $"{key} {job.Scope.Library} {job.Handler}";
        return jobs.Add(sql, job with { IdempotencyKey = own }) is { } added ? [added] : [];
    }
}
