using System.Collections.Frozen;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Users;

public enum Role
{
    /// <summary>Sees the libraries granted.</summary>
    Viewer,

    /// <summary>Also jobs, cache folders and statistics.</summary>
    CacheManager,

    /// <summary>Everything.</summary>
    Admin,
}

/// <summary>Which libraries somebody may see: all, or a set.</summary>
public sealed class Grants
{
    private readonly FrozenSet<LibraryId>? _libraries;

    private Grants(FrozenSet<LibraryId>? libraries) => _libraries = libraries;

    public static Grants All { get; } = new(null);
    public static Grants Of(IEnumerable<LibraryId> libraries) => new(libraries.ToFrozenSet());

    public bool IsAll => _libraries is null;
    public bool Allows(LibraryId library) => _libraries?.Contains(library) ?? true;

    /// <summary>For a query: the set, or null for all.</summary>
    public IReadOnlyCollection<LibraryId>? Filter => _libraries;

    /// <summary>The set, when it is not <see cref="All"/>.</summary>
    public IReadOnlyCollection<LibraryId> Libraries => _libraries ?? FrozenSet<LibraryId>.Empty;
}

/// <param name="LockedUntil">Signing in is refused until then, after too many wrong passwords.</param>
public sealed record User(UserId Id, string Name, Role Role, DateTimeOffset CreatedAt, DateTimeOffset? LockedUntil);

/// <summary>A user with what only signing in needs. Never leaves Users and Security.</summary>
public sealed record Credentials(User User, string PasswordHash, int FailedAttempts, DateTimeOffset? FirstFailedAt);

/// <summary>A signed-in user, as a request carries it.</summary>
public sealed record Access(UserId User, string Name, Role Role, Grants Grants);
