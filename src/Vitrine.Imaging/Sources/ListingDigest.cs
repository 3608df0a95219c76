using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Vitrine.Core.Libraries;

namespace Vitrine.Imaging.Sources;

/// <summary>
/// What a directory lists, as 32 bytes: two listings have the same digest when they hold the same names of the same kinds and versions. File systems give names
/// in no order, so the entries' own digests are added up.
/// </summary>
internal sealed class ListingDigest
{
    /// <summary>Raised when the same directory is listed otherwise: all are then looked at once in full.</summary>
    private const byte Version = 2;

    private const int FixedBytes = 1 + (3 * sizeof(long));

    private readonly ulong[] _sum = new ulong[4];
    private readonly byte[] _entry = new byte[FixedBytes + 256];
    private readonly byte[] _hash = new byte[32];
    private long _count;

    /// <param name="version">Of a directory it does not count, since what is in it has a digest of its own; nor of a file that is only counted.</param>
    public void Add(ReadOnlySpan<byte> name, FoundKind kind, SourceVersion version)
    {
        var entry = FixedBytes + name.Length <= _entry.Length ? _entry.AsSpan(0, FixedBytes + name.Length) : new byte[FixedBytes + name.Length];
        entry[0] = (byte)kind;
        var counts = kind is FoundKind.Directory or FoundKind.Other ? default : version;
        MemoryMarshal.Write(entry[1..], counts.Size);
        MemoryMarshal.Write(entry[9..], counts.Stamp);
        MemoryMarshal.Write(entry[17..], counts.Inode);
        name.CopyTo(entry[FixedBytes..]);
        SHA256.HashData(entry, _hash);
        var parts = MemoryMarshal.Cast<byte, ulong>(_hash);
        for (var i = 0; i < _sum.Length; i++) _sum[i] = unchecked(_sum[i] + parts[i]);
        _count++;
    }

    public byte[] End() => SHA256.HashData([Version, .. BitConverter.GetBytes(_count), .. MemoryMarshal.AsBytes<ulong>(_sum)]);
}
