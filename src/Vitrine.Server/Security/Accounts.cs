using Vitrine.Core.Users;

namespace Vitrine.Server.Security;

/// <summary>Changes of users, which end at once what is remembered of them.</summary>
internal sealed class Accounts(IUserStore users, AccessMemory memory, Passwords passwords)
{
    /// <summary>Null where the name is taken, or a library is not there.</summary>
    public Task<User?> AddAsync(string name, string password, Role role, bool mayDownload, IReadOnlyCollection<LibraryId> libraries, CancellationToken cancellation) =>
        users.AddAsync(new(name, passwords.Hash(password), role, mayDownload, libraries), cancellation);

    /// <param name="password">The new one; null stays.</param>
    public async Task<UserAnswer> ChangeAsync(UserId id, UserChange change, string? password, CancellationToken cancellation)
    {
        var answer = await users.ChangeAsync(id, change with { PasswordHash = password is null ? null : passwords.Hash(password) }, cancellation);
        memory.Forget(id);
        return answer;
    }

    public async Task<UserAnswer> RemoveAsync(UserId id, CancellationToken cancellation)
    {
        var answer = await users.RemoveAsync(id, cancellation);
        memory.Forget(id);
        return answer;
    }
}
