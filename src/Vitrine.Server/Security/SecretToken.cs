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
