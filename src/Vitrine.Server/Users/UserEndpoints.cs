using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Users;

internal static class UserEndpoints
{
    public static void MapUsers(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/users").WithTags("Users").RequireAuthorization(Policies.Admin);
        group.MapPost("/", Add).WithName("addUser").WithSummary("Adds a user.").ProducesProblem(400).ProducesProblem(409);
    }

    private static async Task<Results<Created<SessionShape>, ProblemHttpResult>> Add(NewUserRequest request, SignIn signIn, CancellationToken cancellation)
    {
        if (SignIn.Refusal(request.Name, request.Password) is { } refusal) return Problems.BadRequest.With(refusal).ToResult();
        return await signIn.AddAsync(request.Name, request.Password, request.Role, request.MayDownload, cancellation) is { } user
            ? TypedResults.Created((string?)null, new SessionShape(user.Name, user.Role, user.Scopes.Named()))
            : Problems.Conflict.With($"There is a user '{request.Name}' already.").ToResult();
    }
}

/// <param name="MayDownload">Originals as they are; an Admin always may.</param>
internal sealed record NewUserRequest(string Name, string Password, Role Role = Role.Viewer, bool MayDownload = false);
