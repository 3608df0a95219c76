using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;
using Vitrine.Server.Statistics;

namespace Vitrine.Server.Jobs;

/// <summary>Checks what somebody asks for, and adds it as a job.</summary>
internal sealed class JobStarter(ILibraryStore libraries, IJobStore jobs, Presets presets, Signals signals, RoomForecast room)
{
    public const int MaxIds = 10_000;

    /// <param name="key">Another request with this key is answered with the same job.</param>
    public async Task<JobAnswer> StartAsync(StartJobRequest request, string? key, Grants grants, CancellationToken cancellation)
    {
        var (checkedJob, problem) = await CheckAsync(request, key, grants, cancellation);
        if (checkedJob is not { } wanted) return JobAnswer.Refused(problem!.Value);
        if (request.RequireRoom && await room.RefusalAsync(wanted.Scope, cancellation) is { } refusal) return JobAnswer.Refused(Problems.NoRoom.With(refusal));
        if (await jobs.AddAsync(wanted, cancellation) is not { } job) return JobAnswer.Refused(Problems.NotFound);
        // Nothing of that other job is told: it may be one of a library that is not granted.
        if (!IsSame(job, wanted)) return JobAnswer.Refused(Problems.Conflict.With("This Idempotency-Key was used for another request."));
        signals.RingAll();
        return new(job);
    }

    /// <summary>The job as it would be added, or why it cannot be.</summary>
    public async Task<(NewJob? Job, Problem? Problem)> CheckAsync(StartJobRequest request, string? key, Grants grants, CancellationToken cancellation)
    {
        if (ProblemOf(request) is { } wrong) return (null, Problems.BadRequest.With(wrong));
        if (!grants.Allows(request.LibraryId) || await FindAsync(request.LibraryId, cancellation) is not { } library) return (null, Problems.NotFound);
        return await AreOfLibraryAsync(request, cancellation)
            ? (NewJob(request, library, key), null)
            : (null, Problems.NotFound.With("A collection or an image is not in this library."));
    }

    /// <summary>What is wrong with the request itself, in one line; null where nothing is.</summary>
    public string? ProblemOf(StartJobRequest request)
    {
        if (request.CollectionIds?.Count > MaxIds || request.ImageIds?.Count > MaxIds)
            return $"A job names at most {MaxIds} collections and {MaxIds} images: start several, or one for the whole library.";
        if (request is { Type: JobTypeShape.Scan, RequireRoom: true }) return "What a scan finds is not known before it: leave out requireRoom.";
        if (request is { Type: JobTypeShape.Scan, ImageIds: not null }) return "A scan looks at collections: leave out imageIds.";
        if (request.Incomplete && (request.Force || request.Type == JobTypeShape.Scan)) return "What is incomplete is made by a job of another type than 'scan', without force.";
        if (request.Presets is null) return null;
        if (request.Type is not (JobTypeShape.Scan or JobTypeShape.Derive)) return "The type says what is made: give presets with the type 'derive' or 'scan'.";
        return presets.Now.ProblemOf(request.Presets);
    }

    private async Task<Library?> FindAsync(LibraryId id, CancellationToken cancellation) =>
        (await libraries.ListAsync(cancellation)).FirstOrDefault(library => library.Id == id);

    private async Task<bool> AreOfLibraryAsync(StartJobRequest request, CancellationToken cancellation)
    {
        var (collections, images) = (request.CollectionIds ?? [], request.ImageIds ?? []);
        if (collections.Count + images.Count == 0) return true;
        var owners = await jobs.OwnersAsync(collections, images, cancellation);
        return collections.All(id => owners.Collections.TryGetValue(id, out var owner) && owner == request.LibraryId)
            && images.All(id => owners.Images.TryGetValue(id, out var owner) && owner == request.LibraryId);
    }

    private static NewJob NewJob(StartJobRequest request, Library library, string? key)
    {
        var presets = request.Type is JobTypeShape.Scan or JobTypeShape.Derive
            ? request.Presets ?? library.Settings.Presets
            : DeriveKinds.PresetsOf(request.Type.Kind!.Value);
        var scope = new JobScope(library.Id, presets, Sorted(request.CollectionIds), Sorted(request.ImageIds), request.Force, Incomplete: request.Incomplete);
        return new(request.Type == JobTypeShape.Scan ? Handler.Scan : Handler.Derive, scope, (BatchClass)request.Priority, key);
    }

    private static List<Core.Id<T>>? Sorted<T>(IReadOnlyList<Core.Id<T>>? ids) => ids is null ? null : [.. ids.Distinct().Order()];

    /// <summary>Presets of a scan may be its library's, which can have changed since.</summary>
    private static bool IsSame(Job job, NewJob wanted) =>
        job.Handler == wanted.Handler && job.Scope.Failures is null && job.Scope.Library == wanted.Scope.Library && job.Scope.Force == wanted.Scope.Force
        && job.Scope.Incomplete == wanted.Scope.Incomplete
        && AreSame(job.Scope.Collections, wanted.Scope.Collections) && AreSame(job.Scope.Images, wanted.Scope.Images)
        && (wanted.Handler == Handler.Scan || job.Scope.Presets.SequenceEqual(wanted.Scope.Presets));

    private static bool AreSame<T>(IReadOnlyList<T>? one, IReadOnlyList<T>? other) => one is null || other is null ? one is null && other is null : one.SequenceEqual(other);
}
