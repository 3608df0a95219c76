namespace Vitrine.Core.Users;

/// <param name="Agent">The program that signed in, as it calls itself.</param>
public sealed record Session(SessionId Id, UserId User, string Agent, DateTimeOffset CreatedAt, DateTimeOffset SeenAt);

/// <summary>How an attempt to sign in ended.</summary>
public enum AttemptEnd
{
    LetIn,
    Refused,

    /// <summary>Refused, and the account is locked from this attempt on.</summary>
    LockedOut,
}

/// <summary>
/// Attempts to sign in, and the sessions that come of them. Promise: only the SHA-256 of a session's token is stored; a session that is idle past its
/// limit, or whose user is gone or disabled, is not found. A user has at most <see cref="MaxOfUser"/>: one more ends the one that was used longest ago.
/// </summary>
public interface ISessionStore
{
    /// <summary>Sessions of one user.</summary>
    public const int MaxOfUser = 100;

    /// <summary>
    /// Counts an attempt, and says whether it is let in: the password was right, and the user is neither locked nor disabled at this moment. Counted one after
    /// the other, so that attempts at the same time are not one; an unknown user (the default id) costs the same.
    /// </summary>
    /// <param name="lockedOut">Written into the audit, in the same transaction, by the one attempt that locks the account.</param>
    Task<AttemptEnd> RecordAttemptAsync(UserId user, bool right, LockOut rule, NewAuditEntry lockedOut, CancellationToken cancellation);

    Task<SessionId> AddAsync(UserId user, byte[] tokenHash, TimeSpan idleLimit, string agent, CancellationToken cancellation);

    /// <summary>Who this session is, and moves its idle limit on (at most once a minute is written).</summary>
    Task<Access?> FindAsync(byte[] tokenHash, CancellationToken cancellation);

    Task<bool> RemoveAsync(byte[] tokenHash, CancellationToken cancellation);

    /// <summary>Sessions of a user that are not over, used last first.</summary>
    Task<IReadOnlyList<Session>> ListAsync(UserId user, CancellationToken cancellation);

    /// <summary>Ends a session of this user, or all but that of <paramref name="except"/> where <paramref name="id"/> is null; how many.</summary>
    Task<int> RevokeAsync(UserId user, SessionId? id, byte[]? except, CancellationToken cancellation);
}
