using System.ComponentModel.DataAnnotations;
using Vitrine.Core.Users;

namespace Vitrine.Server.Security.OpenId;

/// <summary>Who may sign in without a role of the claim.</summary>
internal enum DefaultRole { None, Viewer, CacheManager }

/// <summary>Signing in by an OpenID Connect provider (code flow with PKCE). Lists are parted by ';'.</summary>
internal sealed record OidcOptions : IValidatableObject
{
    /// <summary>The provider's address, below which .well-known/openid-configuration stands. Empty: there is none.</summary>
    [StringLength(1000)]
    public string Authority { get; init; } = "";

    /// <summary>Whether the provider's address may be http: only on a network where nobody listens.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>How the provider knows this server.</summary>
    [StringLength(500)]
    public string ClientId { get; init; } = "";

    /// <summary>Better given as VITRINE__Oidc__ClientSecret than in the file. Empty: a public client.</summary>
    [StringLength(1000)]
    public string ClientSecret { get; init; } = "";

    /// <summary>What is asked for, beside openid.</summary>
    [StringLength(1000)]
    public string Scopes { get; init; } = "profile";

    /// <summary>What the button of the page says.</summary>
    [StringLength(60)]
    public string Label { get; init; } = "Single sign-on";

    /// <summary>The claim that a new user is named after. It never leads to a user who is there already.</summary>
    [StringLength(200)]
    public string NameClaim { get; init; } = "preferred_username";

    /// <summary>The claim that holds roles or groups, as text or a list.</summary>
    [StringLength(200)]
    public string RoleClaim { get; init; } = "groups";

    /// <summary>Values of the claim that make an Admin.</summary>
    [StringLength(2000)]
    public string AdminValues { get; init; } = "";

    /// <summary>Values of the claim that make a CacheManager.</summary>
    [StringLength(2000)]
    public string CacheManagerValues { get; init; } = "";

    /// <summary>Values of the claim that make a Viewer.</summary>
    [StringLength(2000)]
    public string ViewerValues { get; init; } = "";

    /// <summary>The role of who has none of these values: None (they are not let in), Viewer or CacheManager.</summary>
    public DefaultRole DefaultRole { get; init; }

    public bool IsOn => Authority.Length > 0;

    public OidcRoles Roles => new(Values(AdminValues), Values(CacheManagerValues), Values(ViewerValues), DefaultRole switch
    {
        DefaultRole.Viewer => Role.Viewer,
        DefaultRole.CacheManager => Role.CacheManager,
        _ => null,
    });

    /// <summary>Without the secret, wherever it ends up.</summary>
    public override string ToString() => IsOn ? $"OpenID provider {Authority}" : "no OpenID provider";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsOn) yield break;
        if (!IsAddress(Authority))
            yield return new("It is an https address without a query (http where Oidc:AllowHttp says so).", [nameof(Authority)]);
        if (ClientId.Length == 0) yield return new("The provider has to know this server: set it to the id that was registered there.", [nameof(ClientId)]);
        if (Roles is { CanLetIn: false })
            yield return new("Nobody could sign in: set it, Oidc:CacheManagerValues, Oidc:ViewerValues or Oidc:DefaultRole.", [nameof(AdminValues)]);
        if (RoleClaim.Length == 0 && Roles.NeedsClaim) yield return new("The values of roles are looked for in a claim: name it.", [nameof(RoleClaim)]);
    }

    private bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == "https" || (uri.Scheme == "http" && AllowHttp))
        && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0;

    private static string[] Values(string list) => list.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
