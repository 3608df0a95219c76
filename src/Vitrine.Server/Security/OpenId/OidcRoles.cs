using Vitrine.Core.Users;

namespace Vitrine.Server.Security.OpenId;

/// <summary>Which role the values of a claim give: the highest that one of them names. Values are compared exactly. Pure.</summary>
internal sealed record OidcRoles(IReadOnlyCollection<string> Admin, IReadOnlyCollection<string> CacheManager, IReadOnlyCollection<string> Viewer, Role? Otherwise)
{
    /// <summary>Whether the roles depend on a claim at all.</summary>
    public bool NeedsClaim => Admin.Count + CacheManager.Count + Viewer.Count > 0;

    public bool CanLetIn => NeedsClaim || Otherwise is not null;

    /// <summary>Null: not let in.</summary>
    public Role? Of(IReadOnlyCollection<string> values)
    {
        if (values.Any(Admin.Contains)) return Role.Admin;
        if (values.Any(CacheManager.Contains)) return Role.CacheManager;
        return values.Any(Viewer.Contains) ? Role.Viewer : Otherwise;
    }
}
