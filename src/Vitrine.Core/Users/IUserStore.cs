namespace Vitrine.Core.Users;

/// <summary>
/// Users. Promise: a name is one without case; as soon as there is an Admin who can sign in, there always is one; who is removed or disabled has no session
/// and no key that works from that moment on, and who has a new password no session.
/// </summary>
public interface IUserStore
{
    /// <summary>Adds a user; null where the name is taken, or a library is not there.</summary>
    Task<User?> AddAsync(NewUser user, CancellationToken cancellation);

    /// <summary>Whether there is an Admin who can sign in.</summary>
    Task<bool> HasAdminAsync(CancellationToken cancellation);

    /// <summary>By name.</summary>
    /// <exception cref="FormatException">The cursor is none of this list.</exception>
    Task<Page<User>> ListAsync(string? after, int limit, CancellationToken cancellation);

    Task<User?> GetAsync(UserId id, CancellationToken cancellation);

    Task<Credentials?> FindAsync(string name, CancellationToken cancellation);

    /// <summary>All of a change, or none.</summary>
    Task<UserAnswer> ChangeAsync(UserId id, UserChange change, CancellationToken cancellation);

    /// <summary>The user with grants, sessions and keys.</summary>
    Task<UserAnswer> RemoveAsync(UserId id, CancellationToken cancellation);
}
