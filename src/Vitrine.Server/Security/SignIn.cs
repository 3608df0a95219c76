using Vitrine.Core.Users;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Security;

/// <summary>Names, passwords and their checks. A name that is not known, a wrong password and a locked account cost the same work and get the same answer.</summary>
internal sealed class SignIn(IUserStore users, ISessionStore sessions, Passwords passwords, SecurityEvents events, ServerOptions options)
{
    public const int MaxNameLength = 100;
    public const int MinPasswordLength = 10;
    public const int MaxPasswordLength = 1000;

    private LockOut LockOut => new(options.LockOutAttempts, TimeSpan.FromMinutes(options.LockOutMinutes));

    /// <summary>The user, or null: name not known, password wrong, locked out or disabled.</summary>
    public async Task<User?> CheckAsync(HttpContext context, string name, string password)
    {
        // One read, one hash and one write, whatever comes out; a row of the audit beside it, once in a quarter of an hour, is none that can be measured.
        var cancellation = context.RequestAborted;
        var credentials = await users.FindAsync(name, cancellation);
        var right = passwords.Check(credentials?.PasswordHash, password);
        var user = credentials?.User;
        var end = await sessions.RecordAttemptAsync(user?.Id ?? default, right, LockOut, events.LockOutOf(context, name), cancellation);
        if (end == AttemptEnd.LockedOut) events.LockedOut(context, name);
        return end == AttemptEnd.LetIn ? user : null;
    }

    /// <summary>Why a name and a password cannot be taken, in one line; null where they can.</summary>
    public static string? Refusal(string name, string password) => name switch
    {
        _ when name.Length is 0 or > MaxNameLength || name.Trim() != name || name.Any(char.IsControl) =>
            $"A name has 1 to {MaxNameLength} characters, no control characters, and no space at its ends.",
        _ => RefusalOf(password),
    };

    /// <inheritdoc cref="Refusal"/>
    public static string? RefusalOf(string password) => password.Length is < MinPasswordLength or > MaxPasswordLength
        ? $"A password has {MinPasswordLength} to {MaxPasswordLength} characters."
        : null;
}
