using System.Security.Claims;
using Vitrine.Core.Users;

namespace Vitrine.Server.Security.OpenId;

/// <summary>From a person whom the provider has vouched for to a session of ours.</summary>
internal sealed partial class OidcSignIn(OidcOptions options, IExternalLoginStore logins, Passwords passwords, Sessions sessions, ILogger<OidcSignIn> logger)
{
    /// <summary>Starts a session and sets its cookie. False: the person has no role here.</summary>
    public async Task<bool> EnterAsync(HttpContext context, ClaimsPrincipal person)
    {
        if (person.FindFirst("iss")?.Value is not { Length: > 0 } issuer || person.FindFirst("sub")?.Value is not { Length: > 0 } subject) return false;
        var values = person.FindAll(options.RoleClaim).Select(claim => claim.Value).ToList();
        if (options.Roles.Of(values) is not { } role)
        {
            LogNoRole(issuer, subject);
            await WithdrawAsync(context, new(issuer, subject, NameOf(person, subject), ""));
            return false;
        }
        var login = new ExternalLogin(issuer, subject, NameOf(person, subject), passwords.Hash(SecretToken.New(SecretToken.SessionBytes)));
        if (await FindOrAddAsync(context, login, role) is not { } user) return false;
        sessions.Forget(user.Id);
        using var act = AuditTrail.Begin(context, user.Id, user.Name, login.Person);
        var token = await sessions.StartAsync(user, context.Request.Headers.UserAgent.ToString(), context.RequestAborted);
        SessionCookie.Set(context, token, sessions.IdleLimit);
        return true;
    }

    /// <summary>Who lost their last role at the provider keeps no session and no key of before.</summary>
    private async Task WithdrawAsync(HttpContext context, ExternalLogin login)
    {
        using var act = AuditTrail.Begin(context, null, login.WantedName, $"{login.Person}: no role any more");
        if (await logins.WithdrawAsync(login.Issuer, login.Subject, context.RequestAborted) is { } user) sessions.Forget(user);
    }

    /// <summary>Being added, or given another role, is an act of its own.</summary>
    private async Task<User?> FindOrAddAsync(HttpContext context, ExternalLogin login, Role role)
    {
        using var act = AuditTrail.Begin(context, null, login.WantedName, login.Person);
        return await logins.FindOrAddAsync(login, role, context.RequestAborted);
    }

    /// <summary>A name that could not be given by hand is none; the subject's would say nothing to a person, but is one.</summary>
    private string NameOf(ClaimsPrincipal person, string subject)
    {
        var name = new string([.. (person.FindFirst(options.NameClaim)?.Value ?? "").Where(character => !char.IsControl(character))]).Trim();
        if (name.Length == 0) name = $"user {new string([.. subject.Where(char.IsAsciiLetterOrDigit)])}".Trim();
        // Room for the number that makes it another one.
        return name[..Math.Min(name.Length, SignIn.MaxNameLength - 4)].Trim();
    }

    [LoggerMessage(LogLevel.Warning, "A person of {Issuer} was not let in: none of the roles' values is in the claim. Subject: {Subject}")]
    private partial void LogNoRole(string issuer, string subject);
}
