using Microsoft.Net.Http.Headers;
using Vitrine.Core.Users;

namespace Vitrine.Server.Security;

/// <summary>
/// API keys: <c>Authorization: Bearer vtr_…</c>, and nowhere else. No browser sends that header for another site's page, so a request with a key needs no
/// <c>X-Vitrine</c>, and its cookie, if it has one, counts for nothing.
/// </summary>
internal sealed class ApiKeys(IApiKeyStore store, AccessMemory memory)
{
    public const string Prefix = "vtr_";
    private const string Bearer = "Bearer ";

    /// <summary>The key of a request, whether or not there is such a one. Other kinds of authorization are somebody else's: a proxy's, for one.</summary>
    public static string? Read(HttpRequest request) =>
        request.Headers.TryGetValue(HeaderNames.Authorization, out var values) && values is [{ } value]
        && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && value.AsSpan(Bearer.Length).StartsWith(Prefix)
            ? value[Bearer.Length..]
            : null;

    /// <summary>Makes a key, which is answered this once and not stored; null where the user has too many.</summary>
    public async Task<(ApiKey Key, string Token)?> AddAsync(UserId user, string name, Scopes scopes, DateTimeOffset expiresAt, CancellationToken cancellation)
    {
        var token = Prefix + SecretToken.New(SecretToken.SessionBytes);
        return await store.AddAsync(new(user, name, SecretToken.Hash(token), scopes, expiresAt), cancellation) is { } key ? (key, token) : null;
    }

    public ValueTask<Access?> FindAsync(string token, CancellationToken cancellation)
    {
        var hash = TokenHash.Of(token);
        return memory.Find(hash) is { Access.Key: not null } known ? ValueTask.FromResult<Access?>(known.Access) : FindAgainAsync(token, cancellation);
    }

    /// <summary>Who has this key at this moment, asked of the store.</summary>
    public ValueTask<Access?> FindAgainAsync(string token, CancellationToken cancellation) => memory.AskAsync(TokenHash.Of(token), store.FindAsync, cancellation);

    /// <summary>False: this user has no such key.</summary>
    public async Task<bool> RevokeAsync(UserId user, ApiKeyId id, CancellationToken cancellation)
    {
        var revoked = await store.RevokeAsync(user, id, cancellation);
        memory.Forget(user);
        return revoked;
    }
}
