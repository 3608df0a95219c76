using System.Runtime.CompilerServices;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Security;

/// <summary>Who calls: the owner over its socket, an API key, or the session of the cookie.</summary>
internal sealed class Callers(Sessions sessions, ApiKeys keys)
{
    private static readonly Access Owner = new(default, "owner", Role.Admin, Grants.All, ScopeRules.Of(Role.Admin, mayDownload: true));

    /// <summary>By the text of the cookies itself, not by what it says: it goes with the text.</summary>
    private readonly ConditionalWeakTable<string, LastCaller> _last = [];

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

    /// <summary>
    /// Who calls, without asking the store: a session that it knew a moment ago. A browser sends the same cookies with each request, and the server gives the very same text
    /// for them as long as the connection lasts: then nothing is parsed and hashed again.
    /// </summary>
    public Access? Remembered(HttpContext context)
    {
        var headers = context.Request.Headers;
        var cookies = headers.Authorization.Count == 0 && headers.Cookie is [{ } text] ? text : null;
        if (cookies is not null && _last.TryGetValue(cookies, out var last) && last.IsHttps == context.Request.IsHttps && sessions.StillHolds(last.Known)) return last.Known.Access;
        if (OwnerSocket.IsOver(context) || ApiKeys.Read(context.Request) is not null || SessionCookie.Read(context.Request) is not { } token) return null;
        if (sessions.Remembered(token) is not { } known) return null;
        if (cookies is not null) _last.AddOrUpdate(cookies, new(context.Request.IsHttps, known));
        return known.Access;
    }

    private sealed record LastCaller(bool IsHttps, KnownAccess Known);
}
