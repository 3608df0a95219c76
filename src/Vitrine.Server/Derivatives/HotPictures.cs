using Microsoft.Extensions.Caching.Memory;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;
using Vitrine.Core.Statistics;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Derivatives;

/// <summary>
/// What was served lately, for requests that name a version (<c>v=</c>): the row for a few seconds, and small files with their bytes, bounded in bytes.
/// A version names its bytes, so what is remembered is never stale; only that the image has gone, or has a newer version, may be learnt
/// <see cref="ServerOptions.HotRowSeconds"/> late. Grants are checked on each request, on the library remembered with the row.
/// </summary>
internal sealed class HotPictures : IDisposable
{
    /// <summary>Larger files are not thumbnails, and would push hundreds of those out.</summary>
    public const int MaxBytes = 64 << 10;

    /// <summary>What an entry costs beside the bytes: its key, its row and the cache's own objects.</summary>
    private const int Overhead = 512;

    private readonly MemoryCache? _bytes;
    private readonly MemoryCache? _rows;
    private readonly TimeSpan _rowAge;

    public HotPictures(ServerOptions options, TimeProvider time)
    {
        var clock = new Clock(time);
        _rowAge = TimeSpan.FromSeconds(options.HotRowSeconds);
        if (options.HotThumbnailsMiB > 0) _bytes = new(new MemoryCacheOptions { SizeLimit = (long)options.HotThumbnailsMiB << 20, Clock = clock });
        if (options.HotRowSeconds > 0) _rows = new(new MemoryCacheOptions { SizeLimit = 10_000, Clock = clock });
    }

    public void Dispose()
    {
        _bytes?.Dispose();
        _rows?.Dispose();
    }

    /// <summary>The derivative with this hash, where it was served a moment ago and its library is granted.</summary>
    public HotPicture? Find(Grants grants, ImageId id, string preset, ReadOnlySpan<char> hash) =>
        _rows?.Get<HotPicture>(new Key(id, preset)) is { } hot && hash.SequenceEqual(hot.Derivative.Hash) && grants.Allows(hot.Picture.Library) ? hot : null;

    /// <summary>Whether small files are kept at all.</summary>
    public bool KeepsBytes => _bytes is not null;

    public byte[]? BytesOf(Derivative derivative) => _bytes?.Get<byte[]>(derivative.Hash);

    public void Keep(ImageId image, HotPicture picture) =>
        _rows?.Set(new Key(image, picture.Derivative.Preset), picture, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = _rowAge });

    public void Keep(Derivative derivative, byte[] bytes) => _bytes?.Set(derivative.Hash, bytes, new MemoryCacheEntryOptions { Size = bytes.Length + Overhead });

    /// <summary>A library is going: what is remembered of it must not outlive it.</summary>
    public void Forget() => _rows?.Clear();

    private readonly record struct Key(ImageId Image, string Preset);

    private sealed class Clock(TimeProvider time) : Microsoft.Extensions.Internal.ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}

/// <summary>A derivative with where it belongs, for grants and for counting its use.</summary>
internal sealed record HotPicture(UsedPicture Picture, Derivative Derivative)
{
    public string Tag { get; } = Bytes.Tag(Derivative.Hash);

    public static HotPicture Of(Image image, Derivative derivative) => new(new(image.Library, image.Summary.Collection, derivative.Preset), derivative);
}
