using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Users;

/// <summary>Users, for Admins.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/users").WithTags("Users").RequireAuthorization(Policies.Admin).WithCursors();
        group.MapGet("/", List).WithName("listUsers").WithSummary("Users, oldest first.").ProducesProblem(400);
        group.MapPost("/", Add).WithName("addUser").WithSummary("Adds a user.").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        var one = group.MapGroup("/{id}").ProducesProblem(404);
        one.MapGet("/", Get).WithName("getUser").WithSummary("One user.");
        one.MapPatch("/", Change).WithName("changeUser").ProducesProblem(400).ProducesProblem(409)
            .WithSummary("Changes what is given, at once. A new password ends the sessions; who is disabled has none, and no key works.");
        one.MapDelete("/", Remove).WithName("removeUser").WithSummary("Removes the user with sessions and keys. The last Admin stays.").ProducesProblem(409);
    }

    public static ProblemHttpResult? Refused(UserAnswer answer) => answer switch
    {
        UserAnswer.Done => null,
        UserAnswer.LastAdmin => Problems.Conflict.With("This is the last Admin who can sign in.").ToResult(),
        UserAnswer.UnknownLibrary => Problems.NotFound.With(NoSuchLibrary).ToResult(),
        _ => Problems.NotFound.ToResult(),
    };

    private const string NoSuchLibrary = "One of these libraries is not there.";

    private static async Task<Ok<ListShape<UserShape>>> List(
        IUserStore users, CancellationToken cancellation, string? cursor = null, [Range(1, Lists.MaxLimit)] int limit = Lists.DefaultLimit)
    {
        var page = await users.ListAsync(cursor, limit, cancellation);
        return TypedResults.Ok(new ListShape<UserShape>([.. page.Items.Select(UserShape.Of)], page.Next));
    }

    private static async Task<Results<Ok<UserShape>, ProblemHttpResult>> Get(UserId id, IUserStore users, CancellationToken cancellation) =>
        await users.GetAsync(id, cancellation) is { } user ? TypedResults.Ok(UserShape.Of(user)) : Problems.NotFound.ToResult();

    private static async Task<Results<Created<UserShape>, ProblemHttpResult>> Add(
        NewUserRequest request, Accounts accounts, IUserStore users, CancellationToken cancellation)
    {
        if ((SignIn.Refusal(request.Name, request.Password) ?? UserChangeRequest.RefusalOf(request.LibraryIds)) is { } refusal) return Problems.BadRequest.With(refusal).ToResult();
        var added = await accounts.AddAsync(request.Name, request.Password, request.Role, request.MayDownload, request.LibraryIds ?? [], cancellation);
        if (added is { } user) return TypedResults.Created($"{Routes.Api}/users/{user.Id}", UserShape.Of(user));
        return await users.FindAsync(request.Name, cancellation) is null
            ? Problems.NotFound.With(NoSuchLibrary).ToResult()
            : Problems.Conflict.With($"There is a user '{request.Name}' already.").ToResult();
    }

    private static async Task<Results<Ok<UserShape>, ProblemHttpResult>> Change(
        UserId id, UserChangeRequest request, Accounts accounts, IUserStore users, CancellationToken cancellation)
    {
        if (request.Refusal() is { } refusal) return Problems.BadRequest.With(refusal).ToResult();
        if (Refused(await accounts.ChangeAsync(id, request.ToChange(), request.Password, cancellation)) is { } refused) return refused;
        return await Get(id, users, cancellation);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(UserId id, Accounts accounts, CancellationToken cancellation) =>
        Refused(await accounts.RemoveAsync(id, cancellation)) is { } refused ? refused : TypedResults.NoContent();
}
