namespace Vitrine.Core.Users;

/// <summary>One act of somebody, as it stays written down after the user is gone.</summary>
/// <param name="User">Null: the owner of the data folder, over its socket, or somebody who is not signed in.</param>
/// <param name="Name">Of who did it; of who is not signed in and claims no name, the address.</param>
/// <param name="Key">The API key, where the act came with one.</param>
/// <param name="What">The operation's name in the API, as in <c>removeLibrary</c>; or a refusal that may be an attack: <c>lockOut</c>, <c>rateLimited</c>.</param>
/// <param name="Target">What it was done to, as the route says; null where the route names nothing.</param>
/// <param name="Detail">What else the caller asked for. Never a secret.</param>
public sealed record AuditEntry(
    AuditId Id, DateTimeOffset At, UserId? User, string Name, ApiKeyId? Key, string What, string? Target, string? Detail);
