using System.Security.Cryptography;
using Vitrine.Core.Derivatives;

namespace Vitrine.Core.CacheFolders;

/// <summary>What is wrong with a blob's file.</summary>
public enum BlobFault
{
    None,
    Missing,

    /// <summary>Another size or hash than recorded, or not what its content type says.</summary>
    Damaged,

    /// <summary>The disk gives an error for it.</summary>
    Unreadable,
}

/// <summary>Compares a blob's file with its row: size, what it begins with, hash.</summary>
public static class BlobCheck
{
    private const int HeadLength = 12;

    public static async Task<BlobFault> CheckAsync(IDerivativeStore files, CacheFolder folder, BlobRow row, CancellationToken cancellation)
    {
        try
        {
            await using var stream = files.Open(folder.Path, row.Name);
            if (stream is null) return BlobFault.Missing;
            if (stream.Length != row.Size) return BlobFault.Damaged;
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation)) != row.Hash) return BlobFault.Damaged;
            stream.Position = 0;
            var head = new byte[HeadLength];
            var read = await stream.ReadAtLeastAsync(head, HeadLength, throwOnEndOfStream: false, cancellation);
            return Is(row.ContentType, head.AsSpan(0, read)) ? BlobFault.None : BlobFault.Damaged;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return BlobFault.Unreadable;
        }
    }

    /// <summary>Whether bytes begin as the type says.</summary>
    public static bool Is(string contentType, ReadOnlySpan<byte> head) => contentType switch
    {
        "image/jpeg" => head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]),
        "image/webp" => head.StartsWith("RIFF"u8) && head.Length >= HeadLength && head[8..12].SequenceEqual("WEBP"u8),
        "image/png" => head.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        "image/gif" => head.StartsWith("GIF8"u8),
        _ => false,
    };
}
