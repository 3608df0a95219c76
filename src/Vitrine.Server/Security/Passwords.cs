using Microsoft.AspNetCore.Identity;
using Vitrine.Core.Users;

namespace Vitrine.Server.Security;

/// <summary>Hashes and checks passwords with the framework's hasher, and counts the checks: each costs the processor something that a caller can measure.</summary>
internal sealed class Passwords
{
    private readonly PasswordHasher<User> _hasher = new();
    private readonly string _hashOfNobody = new PasswordHasher<User>().HashPassword(null!, SecretToken.New(SecretToken.SessionBytes));
    private long _checks;

    /// <summary>Passwords that were checked so far.</summary>
    public long Checks => Interlocked.Read(ref _checks);

    public string Hash(string password) => _hasher.HashPassword(null!, password);

    /// <param name="hash">Null: of nobody. The work is the same, and the answer no.</param>
    public bool Check(string? hash, string password)
    {
        Interlocked.Increment(ref _checks);
        return _hasher.VerifyHashedPassword(null!, hash ?? _hashOfNobody, password) != PasswordVerificationResult.Failed && hash is not null;
    }
}
