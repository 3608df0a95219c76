using Vitrine.Core.Users;
using Vitrine.Server.Security;

namespace Vitrine.Server.Users;

/// <param name="MayDownload">Originals as they are; an Admin always may.</param>
/// <param name="LibraryIds">What is granted. An Admin sees all whatever stands here.</param>
internal sealed record UserShape(
    UserId Id, string Name, Role Role, bool MayDownload, bool Disabled, IReadOnlyList<LibraryId> LibraryIds, DateTimeOffset CreatedAt, DateTimeOffset? LockedUntil)
{
    public static UserShape Of(User user) =>
        new(user.Id, user.Name, user.Role, user.MayDownload, user.Disabled, user.Libraries, user.CreatedAt, user.LockedUntil);
}

/// <param name="MayDownload">Originals as they are; an Admin always may.</param>
internal sealed record NewUserRequest(
    string Name, string Password, Role Role = Role.Viewer, bool MayDownload = false,
    IReadOnlyList<LibraryId>? LibraryIds = null) : IAuditable
{
    object IAuditable.Kept => this with { Password = "" };
}

/// <param name="LibraryIds">All that is granted from now on; <paramref name="Grant"/> and <paramref name="Revoke"/> add to it and take from it.</param>
internal sealed record UserChangeRequest(
    Role? Role = null, string? Password = null, bool? MayDownload = null, bool? Disabled = null,
    IReadOnlyList<LibraryId>? LibraryIds = null,
    IReadOnlyList<LibraryId>? Grant = null,
    IReadOnlyList<LibraryId>? Revoke = null) : IAuditable
{
    private const int MaxLibraries = 1000;

    /// <summary>Why libraries cannot be taken, in one line; null where they can.</summary>
    public static string? RefusalOf(IReadOnlyList<LibraryId>? libraries) => libraries is { Count: > MaxLibraries } ? $"At most {MaxLibraries} libraries can be named." : null;

    /// <summary>What is wrong with it, in one line; null where nothing is.</summary>
    public string? Refusal() =>
        (Password is { } password ? SignIn.RefusalOf(password) : null) ?? RefusalOf(LibraryIds) ?? RefusalOf(Grant) ?? RefusalOf(Revoke);

    object IAuditable.Kept => this with { Password = Password is null ? null : "" };

    public UserChange ToChange() => new(Role, MayDownload, Disabled, null, LibraryIds, Grant, Revoke);
}

internal sealed record PasswordRequest(string Password, string NewPassword);

/// <param name="Current">The session that asks.</param>
internal sealed record OpenSessionShape(SessionId Id, string Agent, DateTimeOffset CreatedAt, DateTimeOffset SeenAt, bool Current)
{
    public static OpenSessionShape Of(Session session, SessionId? current) => new(session.Id, session.Agent, session.CreatedAt, session.SeenAt, session.Id == current);
}

internal sealed record ApiKeyShape(
    ApiKeyId Id, string Name, IReadOnlyList<ScopeShape> Scopes, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt)
{
    public static ApiKeyShape Of(ApiKey key) => new(key.Id, key.Name, key.Scopes.Named(), key.CreatedAt, key.ExpiresAt, key.UsedAt);
}

/// <param name="Name">1 to 100 characters.</param>
/// <param name="Scopes">At least one.</param>
/// <param name="Days">How long it works: 1 to 3650.</param>
internal sealed record NewApiKeyRequest(
    string Name,
    IReadOnlyList<ScopeShape> Scopes,
    int Days = 90) : IAuditable
{
    private const int MaxDays = 3650;

    /// <summary>What is wrong with it, in one line; null where nothing is. A key for what its user may not do would be a promise that is not kept.</summary>
    public string? Refusal(Scopes may) => this switch
    {
        _ when Name.Length is 0 or > SignIn.MaxNameLength || Name.Any(char.IsControl) => $"A key's name has 1 to {SignIn.MaxNameLength} characters, and no control characters.",
        { Scopes.Count: 0 } => "A key is for at least one of view, download, jobs, admin.",
        { Days: < 1 or > MaxDays } => $"A key works for 1 to {MaxDays} days.",
        _ => (Scopes.Sum() & ~may) == Core.Users.Scopes.None ? null : "A key cannot do what its user may not.",
    };
}

/// <param name="Token">The key itself, said this once.</param>
internal sealed record NewApiKeyShape(ApiKeyShape Key, string Token);

/// <param name="UserId">Null: the owner of the data folder, over its socket.</param>
/// <param name="What">The operation, by its name in the description of the API.</param>
internal sealed record AuditEntryShape(
    AuditId Id, DateTimeOffset At, UserId? UserId, string Name, ApiKeyId? KeyId, string What, string? Target, string? Detail)
{
    public static AuditEntryShape Of(AuditEntry entry) => new(entry.Id, entry.At, entry.User, entry.Name, entry.Key, entry.What, entry.Target, entry.Detail);
}
