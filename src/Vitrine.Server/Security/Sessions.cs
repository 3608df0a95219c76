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
        var now = time.GetUtcNow();
        if (_remembered.TryGetValue(key, out var known) && now < known.Until) return known.Access;

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

    public async Task EndAsync(string token, CancellationToken cancellation)
    {
        var hash = SecretToken.Hash(token);
        await users.RemoveSessionAsync(hash, cancellation);
        _remembered.TryRemove(Convert.ToHexString(hash), out _);
    }
}
