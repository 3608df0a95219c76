using System.Text.Json;
using System.Text.Json.Nodes;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Security;

/// <summary>A request's body of which the audit keeps what the caller asked for.</summary>
internal interface IAuditable
{
    /// <summary>The body as it is kept: where it holds a secret, a copy without.</summary>
    object Kept => this;
}

/// <summary>
/// Each request that changes something is somebody's act, named as the operation is, whoever adds the route: its row is written by the first transaction of the
/// request that changes something. What is none says so.
/// </summary>
internal static class AuditTrail
{
    private const int MaxDetail = 1000;

    /// <summary>What a caller may do with another method than GET and changes nothing that is kept.</summary>
    private sealed class NoAct;

    /// <summary>Deletes or checks files: no transaction holds that, so the row is written before.</summary>
    private sealed class FileAct;

    public static RouteGroupBuilder WithAudit(this RouteGroupBuilder group) => group.AddEndpointFilter(WriteAsync);

    public static TBuilder IsNoAct<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new NoAct());

    public static TBuilder ActsOnFiles<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new FileAct());

    /// <summary>Whether what this endpoint does is written down.</summary>
    public static bool IsAct(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<NoAct>() is null && endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Any(Gates.IsUnsafe) == true;

    /// <summary>An act of somebody who is not signed in yet.</summary>
    public static Act Begin(HttpContext context, UserId? user, string name) => Act.Begin(Entry(context, user, name, null, null));

    /// <summary>An act of a person whom a provider vouches for. The request's query, with the provider's code, is left out.</summary>
    public static Act Begin(HttpContext context, UserId? user, string name, string person) => Act.Begin(Entry(context, user, name, null, null) with { Detail = Cut(person) });

    private static async ValueTask<object?> WriteAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        var endpoint = context.GetEndpoint()!;
        if (!IsAct(endpoint) || context.User.Identity is not AccessIdentity { Access: var who }) return await next(invocation);

        var body = invocation.Arguments.OfType<IAuditable>().FirstOrDefault();
        var entry = Entry(context, who.User.Value > 0 ? who.User : null, who.Name, who.Key, body);
        if (endpoint.Metadata.GetMetadata<FileAct>() is not null)
        {
            await context.RequestServices.GetRequiredService<IAuditStore>().AddAsync(entry, context.RequestAborted);
            return await next(invocation);
        }
        using var act = Act.Begin(entry);
        return await next(invocation);
    }

    private static NewAuditEntry Entry(HttpContext context, UserId? user, string name, ApiKeyId? key, IAuditable? body)
    {
        var operation = context.GetEndpoint()!.Metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName;
        var target = string.Join('/', context.Request.RouteValues.Values);
        var asked = string.Join(' ', new[] { context.Request.QueryString.Value, body is null ? null : Text(body) }.Where(part => !string.IsNullOrEmpty(part)));
        return new(
            context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(), user, name, key, operation, target.Length == 0 ? null : Cut(target), asked.Length == 0 ? null : Cut(asked));
    }

    /// <summary>What was given, without what was left out.</summary>
    private static string Text(IAuditable body)
    {
        var kept = body.Kept;
        if (JsonSerializer.SerializeToNode(kept, ApiJson.Default.Options.GetTypeInfo(kept.GetType())) is not JsonObject given) return "";
        foreach (var absent in given.Where(property => property.Value is null).Select(property => property.Key).ToList()) given.Remove(absent);
        return given.ToJsonString();
    }

    private static string Cut(string text) => text.Length <= MaxDetail ? text : $"{text[..MaxDetail]}…";
}
