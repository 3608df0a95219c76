using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Server.Derivatives;
using Vitrine.Server.Hosting;
using Vitrine.Server.Jobs;
using Vitrine.Server.Security;

namespace Vitrine.Server.Libraries;

internal static class LibraryEndpoints
{
    private const int MaxMatch = 200;

    public static void MapLibraries(this RouteGroupBuilder api)
    {
        var read = api.MapGroup("/libraries").WithTags("Libraries").RequireAuthorization(Policies.Viewer).WithCursors();
        read.MapGet("/", List).WithName("listLibraries").WithSummary("All libraries that you may see.");
        read.MapGet("/{id}", Get).WithName("getLibrary").WithSummary("One library.").ProducesProblem(404);
        read.MapGet("/{id}/failures", Failures).WithName("listLibraryFailures")
            .WithSummary("What failed or was skipped and is so still: archives and directories first, then images.").ProducesProblem(400).ProducesProblem(404);

        read.MapGet("/{id}/unread", Unread).WithName("listUnreadFiles")
            .WithSummary("Files that are not shown, counted by extension: unsupported images, videos, and all else.").ProducesProblem(404);

        var write = api.MapGroup("/libraries").WithTags("Libraries").RequireAuthorization(Policies.Admin).ProducesProblem(400);
        write.MapPost("/", Add).WithName("addLibrary").WithSummary("Adds a folder of the server as a library, and scans it.").ProducesProblem(409);
        write.MapPost("/batch", AddMany).WithName("addLibraries").WithSummary("Adds many folders of the server, each as a library of its own, and says of each what became of it.");
        write.MapPatch("/{id}", Change).WithName("changeLibrary").WithSummary("Changes what is given.").ProducesProblem(404).ProducesProblem(409);
        write.MapDelete("/{id}", Remove).WithName("removeLibrary").WithSummary("Removes the library from Vitrine; its originals stay.").ProducesProblem(404);

        var manage = api.MapGroup("/libraries").WithTags("Libraries").RequireAuthorization(Policies.CacheManager);
        manage.MapPost("/{id}/scan", Scan).WithName("scanLibrary").WithSummary("Looks for new, changed and removed originals; or makes what is incomplete, or everything anew.").WithIdempotencyKey()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<Ok<ListShape<LibraryShape>>> List(
        ClaimsPrincipal who, ILibraryStore libraries, LibraryPresenter present, CancellationToken cancellation)
    {
        var granted = (await libraries.ListAsync(cancellation)).Where(library => who.Grants.Allows(library.Id));
        return TypedResults.Ok(new ListShape<LibraryShape>(await present.ShapesAsync([.. granted], who.IsAdmin, cancellation), null));
    }

    private static async Task<Results<Ok<LibraryShape>, ProblemHttpResult>> Get(
        LibraryId id, ClaimsPrincipal who, LibraryService service, LibraryPresenter present, CancellationToken cancellation) =>
        who.Grants.Allows(id) && await service.FindAsync(id, cancellation) is { } library
            ? TypedResults.Ok(await present.ShapeAsync(library, who.IsAdmin, cancellation))
            : Problems.NotFound.ToResult();

    private static async Task<Results<Ok<ListShape<FailureShape>>, ProblemHttpResult>> Failures(
        LibraryId id, ClaimsPrincipal who, LibraryService service, IFailureStore failures, CancellationToken cancellation, string? cursor = null,
        [Range(1, Lists.MaxLimit)] int limit = Lists.DefaultLimit)
    {
        if (!who.Grants.Allows(id) || await service.FindAsync(id, cancellation) is null) return Problems.NotFound.ToResult();
        var page = await failures.ListAsync(who.Grants, new FailureQuery.Standing(id), cursor, limit, cancellation);
        return TypedResults.Ok(new ListShape<FailureShape>([.. page.Items.Select(FailureShape.Of)], page.Next));
    }

    private static async Task<Results<Ok<ListShape<UnreadFilesShape>>, ProblemHttpResult>> Unread(
        LibraryId id, ClaimsPrincipal who, IUnreadFileStore files, CancellationToken cancellation) =>
        await files.OfLibraryAsync(who.Grants, id, cancellation) is { } unread
            ? TypedResults.Ok(new ListShape<UnreadFilesShape>([.. unread.Select(UnreadFilesShape.Of)], null))
            : Problems.NotFound.ToResult();

    private static async Task<Results<Created<LibraryShape>, ProblemHttpResult>> Add(
        NewLibraryRequest request, LibraryService service, LibraryPresenter present, CancellationToken cancellation) =>
        await service.AddAsync(request.Root, request.Name, request.Settings, cancellation) switch
        {
            LibraryAnswer.Stored { Library: var library } =>
                TypedResults.Created($"{Routes.Api}/libraries/{library.Id}", await present.ShapeAsync(library, true, cancellation)),
            LibraryAnswer.Refused refused => Problem(refused).ToResult(),
            _ => throw new InvalidOperationException("LibraryAnswer has no other kind."),
        };

    private static async Task<Results<Ok<ListShape<AddedLibraryShape>>, ProblemHttpResult>> AddMany(
        NewLibrariesRequest request, LibraryService service, IRootProbe probe, LibraryPresenter present, CancellationToken cancellation)
    {
        if (request.Roots is null == request.Below is null || request.Roots?.Contains(null!) == true) return Problems.BadRequest.With("Give either 'roots', a list of folders, or 'below', the folder that they lie in.").ToResult();
        var match = request.Match ?? "*";
        if (match.Length > MaxMatch) return Problems.BadRequest.With($"'match' has more than {MaxMatch} characters.").ToResult();
        var found = request.Below is { } below ? ManyRoots.Below(below, probe, match) : new ManyRoots.Answer.Found([.. request.Roots!.Where(root => ManyRoots.IsLike(root, match))]);
        if (found is not ManyRoots.Answer.Found { Roots: var roots }) return Problems.PathRefused.With(((ManyRoots.Answer.Refused)found).Why.Message).ToResult();
        if (roots.Count > ManyRoots.Most) return Problems.BadRequest.With($"More than {ManyRoots.Most} folders at once: narrow them by 'match'.").ToResult();
        var added = new List<AddedLibraryShape>();
        foreach (var root in roots)
        {
            added.Add(await service.AddAsync(root, null, request.Settings, cancellation) switch
            {
                LibraryAnswer.Stored stored => new(root, await present.ShapeAsync(stored.Library, true, cancellation), null, null),
                LibraryAnswer.Refused refused => new(root, null, refused.Code, refused.Message),
                _ => throw new InvalidOperationException("LibraryAnswer has no other kind."),
            });
        }
        return TypedResults.Ok(new ListShape<AddedLibraryShape>(added, null));
    }

    private static async Task<Results<Ok<LibraryShape>, ProblemHttpResult>> Change(
        LibraryId id, LibraryChangeRequest request, LibraryService service, DecoderPools decoders, LibraryPresenter present, CancellationToken cancellation)
    {
        var change = new LibraryChange(request.Name, request.Presets, request.Exclude, request.Root, request.Watch, request.Force, request.AllowMetadata, request.NodeLabels);
        var answer = await service.ChangeAsync(id, change, cancellation);
        // Those that run may still read the former root.
        if (change.Root is not null) decoders.Renew();
        return answer switch
        {
            LibraryAnswer.Stored stored => TypedResults.Ok(await present.ShapeAsync(stored.Library, true, cancellation)),
            LibraryAnswer.Refused refused => Problem(refused).ToResult(),
            _ => Problems.NotFound.ToResult(),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(
        LibraryId id, ILibraryStore libraries, HotPictures hot, DecoderPools decoders, CancellationToken cancellation)
    {
        if (!await libraries.RemoveAsync(id, cancellation)) return Problems.NotFound.ToResult();
        hot.Forget();
        // Those that run may still read its root.
        decoders.Renew();
        return TypedResults.NoContent();
    }

    private static async Task<Results<Accepted<JobShape>, ProblemHttpResult>> Scan(
        LibraryId id, HttpContext context, ClaimsPrincipal who, JobStarter starter, JobPresenter present, CancellationToken cancellation, Named<ScanMode>? mode = null)
    {
        if (!IdempotencyKey.TryRead(context.Request, out var key)) return Problems.BadRequest.With(IdempotencyKey.Rule).ToResult();
        var answer = await starter.StartAsync(RequestFor(id, mode?.Value ?? ScanMode.Changed), key, who.Grants, cancellation);
        return answer.Job is { } job
            ? TypedResults.Accepted($"{Routes.Jobs}/{job.Id}", await present.ShapeAsync(job, cancellation))
            : answer.Problem!.Value.ToResult();
    }

    private static StartJobRequest RequestFor(LibraryId id, ScanMode mode) => mode switch
    {
        ScanMode.Incomplete => new(JobTypeShape.Derive, id, Incomplete: true),
        _ => new(JobTypeShape.Scan, id, Force: mode == ScanMode.Overwrite),
    };

    /// <summary>What is wrong with the request's own values is 400 by what it is; a root that is a library already is a conflict.</summary>
    private static Problem Problem(LibraryAnswer.Refused refused) => refused.Code switch
    {
        LibraryAnswer.Known => Problems.Conflict.With(refused.Message),
        "bad-name" or "bad-preset" or "bad-exclude" => Problems.BadRequest.With(refused.Message),
        _ => Problems.PathRefused.With(refused.Message),
    };
}
