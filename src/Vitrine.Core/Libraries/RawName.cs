using System.Text;

namespace Vitrine.Core.Libraries;

/// <summary>
/// The name of an entry as the file system or the archive holds it: bytes, of no promised encoding. Two names are equal when
/// their bytes are. A name is one segment in a directory, and may hold '/' in an archive.
/// </summary>
public readonly struct RawName(byte[] bytes) : IEquatable<RawName>
{
    private readonly byte[]? _bytes = bytes;

    public byte[] Bytes => _bytes ?? [];

    public static RawName FromText(string text) => new(Encoding.UTF8.GetBytes(text));

    public bool Equals(RawName other) => Bytes.AsSpan().SequenceEqual(other.Bytes);
    public override bool Equals(object? obj) => obj is RawName other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    public static bool operator ==(RawName left, RawName right) => left.Equals(right);
    public static bool operator !=(RawName left, RawName right) => !left.Equals(right);

    /// <summary>For people only: bytes that are not UTF-8 show as U+FFFD.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Bytes);
}
