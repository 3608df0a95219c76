using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Vitrine.Server.Security;

/// <summary>Random secrets, as text for cookies and links, and the SHA-256 of that text, which alone is stored.</summary>
internal static class SecretToken
{
    public const int SessionBytes = 32;
    public const int SetUpBytes = 16;

    public static string New(int bytes) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

/// <summary>The SHA-256 of a token, as a key to look up by: each request makes one, so it stands on the stack.</summary>
internal readonly record struct TokenHash(UInt128 High, UInt128 Low)
{
    /// <summary>The longest token that there is.</summary>
    private const int MaxLength = 64;

    /// <param name="token">At most 64 characters, of which each is ASCII; other ones are no token of ours, and have the hash of nobody.</param>
    public static TokenHash Of(string token)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        if (token.Length > MaxLength || Ascii.FromUtf16(token, text, out var length) != System.Buffers.OperationStatus.Done) return default;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        return new(BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
    }

    public byte[] ToArray()
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt128BigEndian(hash, High);
        BinaryPrimitives.WriteUInt128BigEndian(hash.AsSpan(16), Low);
        return hash;
    }
}
