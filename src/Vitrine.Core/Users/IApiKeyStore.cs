namespace Vitrine.Core.Users;

/// <summary>A key for programs: it may do what it was made for, as long as its user still may.</summary>
public sealed record ApiKey(ApiKeyId Id, UserId User, string Name, Scopes Scopes, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt);

public sealed record NewApiKey(UserId User, string Name, byte[] TokenHash, Scopes Scopes, DateTimeOffset ExpiresAt);

/// <summary>
/// API keys. Promise: only the SHA-256 of a key is stored; one that is expired or revoked, or whose user is gone or disabled, is not found. A key whose time is
/// over is listed until it is revoked.
/// </summary>
public interface IApiKeyStore
{
    /// <summary>Keys of one user.</summary>
    public const int MaxOfUser = 100;

    /// <summary>Null: the user is not there, or has <see cref="MaxOfUser"/> keys.</summary>
    Task<ApiKey?> AddAsync(NewApiKey key, CancellationToken cancellation);

    /// <summary>Who calls with this key, with the key's scopes cut to what the user may; its use is written at most once a minute.</summary>
    Task<Access?> FindAsync(byte[] tokenHash, CancellationToken cancellation);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<ApiKey>> ListAsync(UserId user, CancellationToken cancellation);

    /// <summary>False: this user has no such key.</summary>
    Task<bool> RevokeAsync(UserId user, ApiKeyId id, CancellationToken cancellation);
}
