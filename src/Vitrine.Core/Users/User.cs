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

/// <param name="MayDownload">Originals as they are. An Admin always may.</param>
/// <param name="Disabled">Cannot sign in; sessions are over and keys are refused.</param>
/// <param name="Libraries">What is granted, by id. An Admin sees all whatever stands here.</param>
/// <param name="LockedUntil">Signing in is refused until then, after too many wrong passwords.</param>
public sealed record User(
    UserId Id, string Name, Role Role, bool MayDownload, bool Disabled, IReadOnlyList<LibraryId> Libraries, DateTimeOffset CreatedAt, DateTimeOffset? LockedUntil)
{
    public Scopes Scopes => ScopeRules.Of(Role, MayDownload);

    public Grants Grants => Role == Role.Admin ? Grants.All : Grants.Of(Libraries);
}

public sealed record NewUser(string Name, string PasswordHash, Role Role, bool MayDownload, IReadOnlyCollection<LibraryId> Libraries);

/// <summary>What of a user becomes another; null stays.</summary>
/// <param name="Libraries">All that is granted from now on; <paramref name="Grant"/> and <paramref name="Revoke"/> add to it and take from it.</param>
public sealed record UserChange(
    Role? Role = null, bool? MayDownload = null, bool? Disabled = null, string? PasswordHash = null,
    IReadOnlyCollection<LibraryId>? Libraries = null, IReadOnlyCollection<LibraryId>? Grant = null, IReadOnlyCollection<LibraryId>? Revoke = null);

/// <summary>How a change of a user, or the end of one, went.</summary>
public enum UserAnswer
{
    Done,
    Unknown,

    /// <summary>A library that is to be granted is not there.</summary>
    UnknownLibrary,

    /// <summary>There would be no Admin left who can sign in.</summary>
    LastAdmin,
}

/// <summary>A user with what only signing in needs. Never leaves Users and Security.</summary>
public sealed record Credentials(User User, string PasswordHash, int FailedAttempts, DateTimeOffset? FirstFailedAt);

/// <summary>Who calls, as a request carries it.</summary>
/// <param name="Scopes">What this caller may do: of a session all that the user may, of an API key what the key was made for and its user still may.</param>
/// <param name="Key">The API key that the request came with; null for a session, and for the owner over the socket.</param>
/// <param name="Session">The session that the request came with.</param>
public sealed record Access(UserId User, string Name, Role Role, Grants Grants, Scopes Scopes, ApiKeyId? Key = null, SessionId? Session = null)
{
    /// <summary>Whether all of a scope, or of several, is there.</summary>
    public bool May(Scopes scopes) => (Scopes & scopes) == scopes;
}
