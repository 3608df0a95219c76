using Microsoft.AspNetCore.Connections.Features;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Security;

/// <summary>Who calls: the owner over its socket, an API key, or the session of the cookie.</summary>
internal sealed class Callers(Sessions sessions, ApiKeys keys)
{
    private static readonly Access Owner = new(default, "owner", Role.Admin, Grants.All, ScopeRules.Of(Role.Admin, mayDownload: true));

    /// <summary>Whether the request says who calls; what it says may be wrong.</summary>
    public static bool AreNamed(HttpContext context) =>
        OwnerSocket.IsOver(context) || ApiKeys.Read(context.Request) is not null || SessionCookie.Read(context.Request) is not null;

    /// <summary>Null: nobody, or the key or the session is over.</summary>
    public ValueTask<Access?> FindAsync(HttpContext context, CancellationToken cancellation) => context switch
    {
        _ when OwnerSocket.IsOver(context) => ValueTask.FromResult<Access?>(Owner),
        _ when ApiKeys.Read(context.Request) is { } key => keys.FindAsync(key, cancellation),
        _ when SessionCookie.Read(context.Request) is { } token => sessions.FindAsync(token, cancellation),
        _ => ValueTask.FromResult<Access?>(null),
    };

    /// <summary>Who calls at this moment, asked of the store: for an answer that goes on for long. Null: the session or the key is over.</summary>
    public ValueTask<Access?> FindAgainAsync(HttpContext context, CancellationToken cancellation) => context switch
    {
        _ when OwnerSocket.IsOver(context) => ValueTask.FromResult<Access?>(Owner),
        _ when ApiKeys.Read(context.Request) is { } key => keys.FindAgainAsync(key, cancellation),
        _ when SessionCookie.Read(context.Request) is { } token => sessions.FindAgainAsync(token, cancellation),
        _ => ValueTask.FromResult<Access?>(null),
    };

    /// <summary>Who calls, without asking the store: a session that it knew a moment ago.</summary>
    public Access? Remembered(HttpContext context)
    {
        if (context.Features.Get<IConnectionItemsFeature>()?.Items is not { } connection) return LookUp(context)?.Access;
        if (connection.TryGetValue(typeof(LastCaller), out var kept) && kept is LastCaller last && last.Asks(context) && sessions.StillHolds(last.Known)) return last.Known.Access;
        if (LookUp(context) is not { } known) return null;
        if (LastCaller.Of(context, known) is { } caller) connection[typeof(LastCaller)] = caller;
        return known.Access;
    }

    private KnownAccess? LookUp(HttpContext context) =>
        OwnerSocket.IsOver(context) || ApiKeys.Read(context.Request) is not null || SessionCookie.Read(context.Request) is not { } token ? null : sessions.Remembered(token);

    /// <summary>
    /// Who called last over a connection. A browser sends the same cookies with each request, and the server gives the very same text for them: then
    /// nothing is parsed and hashed again.
    /// </summary>
    private sealed record LastCaller(string Cookies, bool IsHttps, KnownAccess Known)
    {
        public static LastCaller? Of(HttpContext context, KnownAccess known) =>
            context.Request.Headers.Cookie is [{ } cookies] ? new(cookies, context.Request.IsHttps, known) : null;

        public bool Asks(HttpContext context)
        {
            var headers = context.Request.Headers;
            return headers.Cookie is [{ } cookies] && ReferenceEquals(cookies, Cookies) && headers.Authorization.Count == 0 && context.Request.IsHttps == IsHttps;
        }
    }
}
