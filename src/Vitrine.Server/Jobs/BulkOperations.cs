using Vitrine.Core.Jobs;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Jobs;

/// <summary>How one part of a bulk operation ended, and what it was for.</summary>
internal sealed record BulkEnd(JobAnswer Answer, LibraryId? Library = null, CollectionId? Collection = null, JobId? Job = null);

/// <summary>
/// The same for many. Parts do not depend on one another. Asked again with the same key, it starts nothing twice; a job that is paused, resumed or
/// cancelled already stays so, and is no conflict.
/// </summary>
internal sealed class BulkOperations(IJobStore store, JobStarter starter, JobControl control)
{
    public const int MaxLibraries = 1000;
    public const int MaxJobs = 1000;

    /// <summary>What is wrong with the request itself, in one line; null where nothing is.</summary>
    public string? ProblemOf(BulkRequest request)
    {
        if (request.LibraryIds?.Count > MaxLibraries || request.CollectionIds?.Count > JobStarter.MaxIds || request.JobIds?.Count > MaxJobs)
            return $"One request names at most {MaxLibraries} libraries, {JobStarter.MaxIds} collections and {MaxJobs} jobs: send several.";
        if (CommandOf(request.Operation) is not null)
        {
            return request is { JobIds: not null, LibraryIds: null, CollectionIds: null, Presets: null }
                ? null
                : "To pause, resume or cancel, give jobIds and nothing else.";
        }
        if (request.JobIds is not null || (request.LibraryIds is null && request.CollectionIds is null)) return "To start jobs, give libraryIds, collectionIds or both.";
        return starter.ProblemOf(RequestFor(request, default, null));
    }

    public Task<List<BulkEnd>> RunAsync(BulkRequest request, string? key, Grants grants, CancellationToken cancellation) =>
        CommandOf(request.Operation) is { } command
            ? ControlAsync(request.JobIds!, command, grants, cancellation)
            : StartAsync(request, key, grants, cancellation);

    private async Task<List<BulkEnd>> ControlAsync(IReadOnlyList<JobId> jobs, JobCommand command, Grants grants, CancellationToken cancellation)
    {
        var ends = new List<BulkEnd>();
        foreach (var id in jobs.Distinct()) ends.Add(new(await control.EnsureAsync(id, command, grants, cancellation), Job: id));
        return ends;
    }

    /// <summary>A library that is named itself is done as a whole, whichever of its collections are named beside it.</summary>
    private async Task<List<BulkEnd>> StartAsync(BulkRequest request, string? key, Grants grants, CancellationToken cancellation)
    {
        var whole = (request.LibraryIds ?? []).Distinct().ToList();
        var owners = (await store.OwnersAsync(request.CollectionIds ?? [], [], cancellation)).Collections;
        var (known, unknown) = ((request.CollectionIds ?? []).Distinct().Where(IsKnown).ToList(), (request.CollectionIds ?? []).Distinct().Where(id => !IsKnown(id)));
        var ends = unknown.Select(id => new BulkEnd(JobAnswer.Refused(Problems.NotFound), Collection: id)).ToList();

        foreach (var library in whole) ends.Add(await StartOneAsync(library, null));
        foreach (var part in known.GroupBy(id => owners[id]).Where(part => !whole.Contains(part.Key))) ends.Add(await StartOneAsync(part.Key, [.. part]));
        return ends;

        bool IsKnown(CollectionId id) => owners.TryGetValue(id, out var owner) && grants.Allows(owner);

        async Task<BulkEnd> StartOneAsync(LibraryId library, IReadOnlyList<CollectionId>? collections) =>
            new(await starter.StartAsync(RequestFor(request, library, collections), KeyOf(key, library), grants, cancellation), library);
    }

    private static StartJobRequest RequestFor(BulkRequest request, LibraryId library, IReadOnlyList<CollectionId>? collections) => new(
        Enum.Parse<JobTypeShape>(request.Operation.ToString()), library, collections, null, request.Presets, request.Force, request.Priority);

    /// <summary>No key of a caller has a blank, so that none is taken for this one.</summary>
    private static string? KeyOf(string? key, LibraryId library) => key is null ? null : $"bulk {key} {library}";

    /// <summary>Null where the operation starts jobs.</summary>
    private static JobCommand? CommandOf(BulkOperationShape operation) => operation switch
    {
        BulkOperationShape.Pause => new JobCommand.Hold(Holds.User),
        BulkOperationShape.Resume => new JobCommand.Lift(Holds.User),
        BulkOperationShape.Cancel => new JobCommand.Cancel(),
        _ => null,
    };
}
