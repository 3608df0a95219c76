using System.Text;

namespace Vitrine.Core.Libraries;

/// <summary>
/// The place of a directory or an archive below its library's root: raw bytes, segments parted by '/', the root itself empty.
/// A path that could leave the root ("..", ".", an empty segment, a leading '/', NUL) cannot be made.
/// </summary>
public readonly struct SourcePath : IEquatable<SourcePath>
{
    /// <summary>PATH_MAX of Linux, in bytes.</summary>
    public const int MaxBytes = 4096;

    private readonly byte[]? _bytes;

    private SourcePath(byte[] bytes) => _bytes = bytes;

    public static SourcePath Root { get; } = new([]);

    public byte[] Bytes => _bytes ?? [];

    public bool IsRoot => Bytes.Length == 0;

    /// <summary>For people and for search: bytes that are not UTF-8 show as U+FFFD.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>The path of the containing directory; the root's parent is null.</summary>
    public SourcePath? Parent => IsRoot ? null : new(Bytes[..Math.Max(0, Array.LastIndexOf(Bytes, (byte)'/'))]);

    public RawName LastSegment => new(Bytes[(Array.LastIndexOf(Bytes, (byte)'/') + 1)..]);

    /// <exception cref="FormatException">The bytes could lead out of the root, or are longer than <see cref="MaxBytes"/>.</exception>
    public static SourcePath FromBytes(byte[] bytes) =>
        IsSafe(bytes) ? new(bytes) : throw new FormatException("A path below a root has no empty, '.' or '..' segment and no NUL.");

    /// <exception cref="FormatException">The name is not one safe segment.</exception>
    public SourcePath Append(RawName segment)
    {
        if (segment.Bytes.Contains((byte)'/')) throw new FormatException("A segment holds no '/'.");
        return FromBytes(IsRoot ? segment.Bytes : [.. Bytes, (byte)'/', .. segment.Bytes]);
    }

    private static bool IsSafe(byte[] bytes)
    {
        if (bytes.Length == 0) return true;
        if (bytes.Length > MaxBytes || bytes.Contains((byte)0)) return false;
        foreach (var range in bytes.AsSpan().Split((byte)'/'))
        {
            var segment = bytes.AsSpan(range);
            if (segment.IsEmpty || segment.SequenceEqual("."u8) || segment.SequenceEqual(".."u8)) return false;
        }
        return true;
    }

    public bool Equals(SourcePath other) => Bytes.AsSpan().SequenceEqual(other.Bytes);
    public override bool Equals(object? obj) => obj is SourcePath other && Equals(other);
    public override int GetHashCode() => new RawName(Bytes).GetHashCode();
    public static bool operator ==(SourcePath left, SourcePath right) => left.Equals(right);
    public static bool operator !=(SourcePath left, SourcePath right) => !left.Equals(right);
    public override string ToString() => Text;
}
