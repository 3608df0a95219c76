namespace Vitrine.Core.Users;

/// <param name="User">Only acts of this user.</param>
/// <param name="What">Only acts of this name.</param>
public sealed record AuditQuery(UserId? User = null, string? What = null, string? After = null, int Limit = 50);

/// <summary>
/// What people have done. Promise: every write under an <see cref="Act"/> that changes something has its row in the same transaction, and one that is rolled back
/// has none. Rows are never changed; they go after <see cref="KeptFor"/>.
/// </summary>
public interface IAuditStore
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(400);

    /// <summary>A row in a transaction of its own: for an act upon files, which no transaction holds, before it begins.</summary>
    Task AddAsync(NewAuditEntry entry, CancellationToken cancellation);

    /// <summary>Newest first.</summary>
    /// <exception cref="FormatException">The cursor is none of this list.</exception>
    Task<Page<AuditEntry>> ListAsync(AuditQuery query, CancellationToken cancellation);
}
