using System.Collections.Concurrent;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Security;

/// <summary>
/// Sessions by their token, with a short memory so that a page of thumbnails does not ask the store for each of them.
/// Signing out drops the memory at once.
/// </summary>
internal sealed class Sessions(IUserStore users, ServerOptions options, TimeProvider time)
{
    /// <summary>Beyond it the memory starts anew: it only saves look-ups.</summary>
    private const int MaxRemembered = 10_000;

    private readonly ConcurrentDictionary<string, (Access Access, DateTimeOffset Until)> _remembered = new(StringComparer.Ordinal);

    public TimeSpan IdleLimit => TimeSpan.FromDays(options.SessionIdleDays);

    /// <summary>Starts a session and answers its token, which is not stored.</summary>
    public async Task<string> StartAsync(User user, CancellationToken cancellation)
    {
        var token = SecretToken.New(SecretToken.SessionBytes);
        await users.AddSessionAsync(user.Id, SecretToken.Hash(token), IdleLimit, cancellation);
        return token;
    }

    public async ValueTask<Access?> FindAsync(string token, CancellationToken cancellation)
    {
        var hash = SecretToken.Hash(token);
        var key = Convert.ToHexString(hash);
        return Remembered(key, out var now) ?? await AskAsync(hash, key, now, cancellation);
    }

    /// <summary>Who has this session, where the store said so a moment ago.</summary>
    public Access? Remembered(string token) => Remembered(Convert.ToHexString(SecretToken.Hash(token)), out _);

    /// <summary>Who calls at this moment, asked of the store: for an answer that goes on for long. Null: the session is over.</summary>
    public async ValueTask<Access?> FindAgainAsync(HttpContext context, CancellationToken cancellation)
    {
        if (OwnerSocket.IsOver(context)) return context.User.Access;
        if (SessionCookie.Read(context.Request) is not { } token) return null;
        var hash = SecretToken.Hash(token);
        return await AskAsync(hash, Convert.ToHexString(hash), time.GetUtcNow(), cancellation);
    }

    public async Task EndAsync(string token, CancellationToken cancellation)
    {
        var hash = SecretToken.Hash(token);
        await users.RemoveSessionAsync(hash, cancellation);
        _remembered.TryRemove(Convert.ToHexString(hash), out _);
    }

    private Access? Remembered(string key, out DateTimeOffset now)
    {
        now = time.GetUtcNow();
        return _remembered.TryGetValue(key, out var known) && now < known.Until ? known.Access : null;
    }

    private async ValueTask<Access?> AskAsync(byte[] hash, string key, DateTimeOffset now, CancellationToken cancellation)
    {
        var access = await users.FindSessionAsync(hash, cancellation);
        if (access is null)
        {
            _remembered.TryRemove(key, out _);
            return null;
        }
        if (_remembered.Count >= MaxRemembered) _remembered.Clear();
        _remembered[key] = (access, now + TimeSpan.FromSeconds(options.SessionCacheSeconds));
        return access;
    }
}
