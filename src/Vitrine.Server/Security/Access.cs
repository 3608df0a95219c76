using System.Security.Claims;
using Vitrine.Core.Users;

namespace Vitrine.Server.Security;

/// <summary>A signed-in caller: the identity that the authentication handler makes, with what handlers ask of it.</summary>
internal sealed class AccessIdentity(Access access, string scheme)
    : ClaimsIdentity([new(DefaultNameClaimType, access.Name), new(DefaultRoleClaimType, access.Role.ToString())], scheme)
{
    public Access Access { get; } = access;
}

internal static class AccessOfPrincipal
{
    extension(ClaimsPrincipal principal)
    {
        /// <summary>Only behind a policy: there the identity is always ours.</summary>
        public Access Access => ((AccessIdentity)principal.Identity!).Access;

        public Grants Grants => principal.Access.Grants;

        /// <summary>An Admin, or an Admin's key that may do all that one may.</summary>
        public bool IsAdmin => principal.Access.May(Scopes.Admin);
    }
}
