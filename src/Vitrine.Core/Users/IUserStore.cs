namespace Vitrine.Core.Users;

/// <summary>
/// Users and their sessions. Promise: only the SHA-256 of a session's token is stored; a session that is idle past its limit, or
/// whose user is gone, is not found.
/// </summary>
public interface IUserStore
{
    /// <summary>Adds a user; null where the name is taken (case-insensitive). A user who is no Admin sees <paramref name="libraries"/>.</summary>
    Task<User?> AddAsync(string name, string passwordHash, Role role, IReadOnlyCollection<LibraryId> libraries, CancellationToken cancellation);

    Task<IReadOnlyList<User>> ListAsync(CancellationToken cancellation);

    Task<Credentials?> FindAsync(string name, CancellationToken cancellation);

    /// <summary>Records how an attempt to sign in ended: success clears the count of failures, failure writes the new one.</summary>
    Task RecordAttemptAsync(UserId user, int failedAttempts, DateTimeOffset? firstFailedAt, DateTimeOffset? lockedUntil, CancellationToken cancellation);

    Task AddSessionAsync(UserId user, byte[] tokenHash, TimeSpan idleLimit, CancellationToken cancellation);

    /// <summary>Who this session is, and moves its idle limit on (at most once a minute is written).</summary>
    Task<Access?> FindSessionAsync(byte[] tokenHash, CancellationToken cancellation);

    Task<bool> RemoveSessionAsync(byte[] tokenHash, CancellationToken cancellation);
}
