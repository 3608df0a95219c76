using Microsoft.AspNetCore.Identity;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Security;

/// <summary>Names, passwords and their checks. An unknown name costs the same work and gets the same answer as a wrong password.</summary>
internal sealed class SignIn(IUserStore users, ServerOptions options, TimeProvider time)
{
    public const int MaxNameLength = 100;
    public const int MinPasswordLength = 10;
    public const int MaxPasswordLength = 1000;

    private readonly PasswordHasher<User> _hasher = new();
    private readonly string _hashOfNobody = new PasswordHasher<User>().HashPassword(null!, SecretToken.New(SecretToken.SessionBytes));

    private LockOut LockOut => new(options.LockOutAttempts, TimeSpan.FromMinutes(options.LockOutMinutes));

    /// <summary>The user, or null: name not known, password wrong, or locked out.</summary>
    public async Task<User?> CheckAsync(string name, string password, CancellationToken cancellation)
    {
        var credentials = await users.FindAsync(name, cancellation);
        var verified = _hasher.VerifyHashedPassword(null!, credentials?.PasswordHash ?? _hashOfNobody, password);
        var now = time.GetUtcNow();
        if (credentials is null || LockOut.IsLocked(credentials.User, now)) return null;

        if (verified == PasswordVerificationResult.Failed)
        {
            var attempt = LockOut.AfterFailure(credentials, now);
            await users.RecordAttemptAsync(credentials.User.Id, attempt.Failures, attempt.FirstFailedAt, attempt.LockedUntil, cancellation);
            return null;
        }
        if (credentials.FailedAttempts > 0 || credentials.User.LockedUntil is not null)
            await users.RecordAttemptAsync(credentials.User.Id, 0, null, null, cancellation);
        return credentials.User;
    }

    /// <summary>Null where the name is taken.</summary>
    public Task<User?> AddAsync(string name, string password, Role role, CancellationToken cancellation) =>
        users.AddAsync(name, _hasher.HashPassword(null!, password), role, [], cancellation);

    /// <summary>Why a name and a password cannot be taken, in one line; null where they can.</summary>
    public static string? Refusal(string name, string password) => (name, password) switch
    {
        _ when name.Length is 0 or > MaxNameLength || name.Trim() != name || name.Any(char.IsControl) =>
            $"A name has 1 to {MaxNameLength} characters, no control characters, and no space at its ends.",
        _ when password.Length is < MinPasswordLength or > MaxPasswordLength =>
            $"A password has {MinPasswordLength} to {MaxPasswordLength} characters.",
        _ => null,
    };
}
