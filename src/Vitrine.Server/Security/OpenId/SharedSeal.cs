using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Vitrine.Core.Settings;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Security.OpenId;

/// <summary>
/// Seals what goes with a browser to the provider and back (AES-256-GCM). The key is the store's, made once: so another server, or this one after a restart, opens
/// what was sealed, for <see cref="Life"/>.
/// </summary>
internal sealed class SharedSeal(ISettingStore settings, TimeProvider time) : IDataProtectionProvider, IHostedService
{
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private const string SettingKey = "oidc/seal";
    private const int KeyBytes = 32;
    private byte[] _key = [];

    /// <summary>Before the web server listens.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var proposed = JsonSerializer.Serialize(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(KeyBytes)), ApiJson.Default.String);
        var kept = await settings.GetOrAddAsync(SettingKey, proposed, cancellationToken);
        _key = Base64Url.DecodeFromChars(JsonSerializer.Deserialize(kept, ApiJson.Default.String));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public IDataProtector CreateProtector(string purpose) => new Protector(this, purpose);

    /// <summary>What was sealed for one purpose does not open for another.</summary>
    private AesGcm CipherOf(string purpose) =>
        new(HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, KeyBytes, info: Encoding.UTF8.GetBytes(purpose)), AesGcm.TagByteSizes.MaxSize);

    /// <summary>Seconds since 1970, nonce, sealed bytes, tag.</summary>
    private sealed class Protector(SharedSeal seal, string purpose) : IDataProtector
    {
        private const int TimeBytes = sizeof(long);
        private static readonly int _head = TimeBytes + AesGcm.NonceByteSizes.MaxSize;
        private static readonly int _tag = AesGcm.TagByteSizes.MaxSize;

        public IDataProtector CreateProtector(string purpose1) => new Protector(seal, $"{purpose}\n{purpose1}");

        public byte[] Protect(byte[] plaintext)
        {
            var made = new byte[_head + plaintext.Length + _tag];
            BinaryPrimitives.WriteInt64BigEndian(made, seal.Now);
            RandomNumberGenerator.Fill(made.AsSpan(TimeBytes.._head));
            using var cipher = seal.CipherOf(purpose);
            cipher.Encrypt(made.AsSpan(TimeBytes.._head), plaintext, made.AsSpan(_head..^_tag), made.AsSpan(^_tag..), made.AsSpan(..TimeBytes));
            return made;
        }

        public byte[] Unprotect(byte[] protectedData)
        {
            if (protectedData.Length < _head + _tag) throw new CryptographicException("What is to be opened is too short to be sealed.");
            var opened = new byte[protectedData.Length - _head - _tag];
            using var cipher = seal.CipherOf(purpose);
            var bytes = protectedData.AsSpan();
            cipher.Decrypt(bytes[TimeBytes.._head], bytes[_head..^_tag], bytes[^_tag..], opened, bytes[..TimeBytes]);
            if (BinaryPrimitives.ReadInt64BigEndian(bytes) < seal.Now - (long)Life.TotalSeconds) throw new CryptographicException("What is to be opened was sealed too long ago.");
            return opened;
        }
    }

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();
}
