using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Vitrine.Core.Jobs;

namespace Vitrine.Server.Hosting;

/// <summary>A refusal of the API with its stable code (docs/api.md).</summary>
internal readonly record struct Problem(int Status, string Code, string Title, string? Detail = null)
{
    public Problem With(string? detail) => this with { Detail = detail };
}

/// <summary>Problem details (RFC 9457): everything that is not a success says so in this one shape.</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";

    public static readonly Problem BadRequest = new(400, "bad-request", "The request cannot be understood.");
    public static readonly Problem BadCursor = new(400, "bad-cursor", "The cursor does not belong to this query.");
    public static readonly Problem PathRefused = new(400, "path-refused", "This path cannot be a library.");
    public static readonly Problem Unauthenticated = new(401, "unauthenticated", "Sign in first.");
    public static readonly Problem WrongPassword = new(401, "unauthenticated", "Name or password is wrong, or the account is locked for a while.");
    public static readonly Problem PasswordWrong = new(401, "wrong-password", "The password is wrong, or the account is locked for a while. The session goes on.");
    public static readonly Problem Forbidden = new(403, "forbidden", "Your role does not allow this.");
    public static readonly Problem HeaderMissing = new(403, "forbidden", "A request that changes something needs the header X-Vitrine: 1.");
    public static readonly Problem CrossSite = new(403, "cross-site", "A page of another site may not change anything here.");
    public static readonly Problem TokenRefused = new(403, "forbidden", "The set-up link is used, too old, or not of this start.");
    public static readonly Problem NotFound = new(404, "not-found", "There is no such thing here.");
    public static readonly Problem Conflict = new(409, "conflict", "The present state does not allow this.");
    public static readonly Problem NoRoom = new(409, Reason.NoRoom, "The cache folders have no room for this.");
    public static readonly Problem SourceChanged = new(409, "source-changed", "The original is not the one that was recorded: the next scan takes the new one.");
    public static readonly Problem SourceUnavailable = new(404, "source-unavailable", "The original cannot be read now.");
    public static readonly Problem LibraryOffline = new(503, "source-unavailable", "The library is offline.");
    public static readonly Problem FolderUnavailable = new(409, "folder-unavailable", "This cache folder is not there, is not ours or cannot be written.");
    public static readonly Problem NotJson = new(415, "bad-request", "The body must be JSON in UTF-8: Content-Type application/json.");
    public static readonly Problem RateLimited = new(429, "rate-limited", "This is asked for too often.");
    public static readonly Problem NotReady = new(503, "not-ready", "The server is not ready.");
    public static readonly Problem SetUpNeeded = new(503, "set-up-needed", "This server has no Admin yet: open its set-up link.");
    public static readonly Problem Internal = new(500, "internal", "The server failed; its log says why.");

    /// <summary>A picture that cannot be made, or an original that cannot be read: the code says why.</summary>
    public static Problem Unmade(string reason) => new(422, reason, "This image cannot be given.", Reason.Of(reason).Meaning);

    /// <summary>A schedule that cannot be: the code says why.</summary>
    public static Problem BadSchedule(string code, string detail) => new(400, code, "This schedule cannot be kept.", detail);

    /// <summary>A preset that cannot be: the code says why.</summary>
    public static Problem BadPreset(string code, string detail) => new(400, code, "This preset cannot be kept.", detail);

    /// <summary>A setting that cannot be used: the code says why.</summary>
    public static Problem BadSetting(string code, string detail) => new(400, code, "This setting cannot be used.", detail);

    /// <summary>A cache folder that cannot be so: the code says why. What the present state does not allow is a conflict.</summary>
    public static Problem BadFolder(string code, string? detail) => new(
        code is "known" or "not-empty" or "limit-too-low" or "budget-too-low" ? 409 : 400, code, "This cache folder cannot be so.", detail);

    public static ProblemHttpResult ToResult(this Problem problem) => TypedResults.Problem(Details(problem));

    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        context.Response.StatusCode = problem.Status;
        return context.Response.WriteAsJsonAsync(Details(problem), ApiJson.Default.ProblemDetails, ContentType, context.RequestAborted);
    }

    /// <summary>Gives every answer that ends without a body, or as a framework's own problem, the code of its status.</summary>
    public static IServiceCollection AddProblems(this IServiceCollection services) =>
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            var details = context.ProblemDetails;
            var problem = ForStatus(details.Status ?? context.HttpContext.Response.StatusCode);
            details.Type = "about:blank";
            details.Extensions.TryAdd("code", problem.Code);
            details.Extensions.Remove("traceId");
        });

    /// <summary>The HTTP handler's one catch-all: it answers that the server failed and tells nobody why; the log has it.</summary>
    public static void UseProblems(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => WriteAsync(
                context,
                context.Features.Get<IExceptionHandlerFeature>()?.Error is BadHttpRequestException bad ? ForStatus(bad.StatusCode) : Internal),
        });
        app.UseStatusCodePages(context => WriteAsync(context.HttpContext, ForStatus(context.HttpContext.Response.StatusCode)));
    }

    /// <summary>What a status alone says.</summary>
    public static Problem ForStatus(int status) => status switch
    {
        401 => Unauthenticated,
        403 => Forbidden,
        404 => NotFound,
        405 => new(405, "bad-request", "This address does not take this method."),
        409 => Conflict,
        412 => new(412, "conflict", "What is here is not what the request expects."),
        413 => new(413, "bad-request", "The body is larger than the server takes."),
        414 => new(414, "bad-request", "The address, with its query, is longer than the server takes."),
        415 => NotJson,
        416 => new(416, "bad-request", "The range lies outside the file."),
        429 => RateLimited,
        431 => new(431, "bad-request", "The headers are larger than the server takes."),
        503 => NotReady,
        >= 500 => Internal with { Status = status },
        _ => BadRequest with { Status = status },
    };

    private static ProblemDetails Details(Problem problem) => new()
    {
        Type = "about:blank",
        Title = problem.Title,
        Status = problem.Status,
        Detail = problem.Detail,
        Extensions = { ["code"] = problem.Code },
    };
}
