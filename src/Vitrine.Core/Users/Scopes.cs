namespace Vitrine.Core.Users;

/// <summary>What a caller may do; an API key is made for some of it.</summary>
[Flags]
public enum Scopes
{
    None = 0,

    /// <summary>See what is granted, and its pictures.</summary>
    View = 1,

    /// <summary>Originals as they are.</summary>
    Download = 2,

    /// <summary>Jobs, cache folders, schedules.</summary>
    Jobs = 4,

    /// <summary>Users, libraries, the audit.</summary>
    Admin = 8,
}

public static class ScopeRules
{
    /// <summary>All that a user of this role may do. An Admin may always download.</summary>
    public static Scopes Of(Role role, bool mayDownload) =>
        Scopes.View
        | (mayDownload || role == Role.Admin ? Scopes.Download : Scopes.None)
        | (role >= Role.CacheManager ? Scopes.Jobs : Scopes.None)
        | (role == Role.Admin ? Scopes.Admin : Scopes.None);
}
