using System.Buffers.Binary;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Vitrine.Core.Users;

namespace Vitrine.Server.Security;

/// <summary>Hashes and checks passwords with the framework's hasher, and counts the checks: each costs the processor something that a caller can measure.</summary>
/// <param name="rounds">Of PBKDF2, for what is hashed from now on; a hash that exists has its own number.</param>
internal sealed class Passwords(int rounds = Passwords.Rounds)
{
    /// <summary>With HMAC-SHA512: the framework's own number.</summary>
    public const int Rounds = 100_000;

    /// <summary>Of the rounds in a hash: behind its version, one byte, and the function, four.</summary>
    private const int RoundsAt = 5;

    private readonly PasswordHasher<User> _hasher = Hasher(rounds);
    private readonly string _hashOfNobody = HashOfNobody(rounds);
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

    /// <summary>
    /// One round under the number of all of them: no password comes to it, and checking one is the whole work. Each start of a server needs it, and few ever
    /// meet a name that is not known.
    /// </summary>
    internal static string HashOfNobody(int rounds)
    {
        var hash = Convert.FromBase64String(Hasher(1).HashPassword(null!, SecretToken.New(SecretToken.SessionBytes)));
        BinaryPrimitives.WriteInt32BigEndian(hash.AsSpan(RoundsAt), rounds);
        return Convert.ToBase64String(hash);
    }

    private static PasswordHasher<User> Hasher(int rounds) => new(Options.Create(new PasswordHasherOptions { IterationCount = rounds }));
}
