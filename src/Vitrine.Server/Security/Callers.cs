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
    public Access? Remembered(HttpContext context) =>
        OwnerSocket.IsOver(context) || ApiKeys.Read(context.Request) is not null || SessionCookie.Read(context.Request) is not { } token ? null : sessions.Remembered(token);
}
