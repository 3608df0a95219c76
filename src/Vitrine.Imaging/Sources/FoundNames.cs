using System.Buffers.Binary;
using System.Text;

namespace Vitrine.Imaging.Sources;

internal enum FoundKind : byte { Image, Directory, Archive, Other }

/// <summary>
/// The names of a directory that count, put in natural order. They are held as bytes in large pages, with the first bytes of
/// each sort key beside, so that a directory of a million names fits into the child's small heap.
/// </summary>
internal sealed class FoundNames
{
    private const int PageBytes = 256 << 10;

    private readonly List<byte[]> _pages = [];
    private readonly List<Found> _found = [];
    private int _used = PageBytes;

    public void Add(ReadOnlySpan<byte> name, FoundKind kind)
    {
        if (_used + name.Length > PageBytes)
        {
            _pages.Add(new byte[PageBytes]);
            _used = 0;
        }
        name.CopyTo(_pages[^1].AsSpan(_used));
        _found.Add(new(Prefix(NaturalKey.Of(Text(name), name)), _pages.Count - 1, _used, (ushort)name.Length, kind));
        _used += name.Length;
    }

    /// <summary>For people: bytes that are not UTF-8 show as U+FFFD.</summary>
    public static string Text(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name);

    /// <summary>All names in natural order.</summary>
    public IEnumerable<(byte[] Name, FoundKind Kind)> InOrder()
    {
        _found.Sort(Compare);
        foreach (var found in _found) yield return (NameOf(found).ToArray(), found.Kind);
    }

    private ReadOnlySpan<byte> NameOf(Found found) => _pages[found.Page].AsSpan(found.Offset, found.Length);

    private int Compare(Found left, Found right)
    {
        if (left.Prefix != right.Prefix) return left.Prefix.CompareTo(right.Prefix);
        var a = NameOf(left);
        var b = NameOf(right);
        return NaturalKey.Of(Text(a), a).AsSpan().SequenceCompareTo(NaturalKey.Of(Text(b), b));
    }

    private static UInt128 Prefix(byte[] key)
    {
        Span<byte> first = stackalloc byte[16];
        key.AsSpan(0, Math.Min(16, key.Length)).CopyTo(first);
        return BinaryPrimitives.ReadUInt128BigEndian(first);
    }

    private readonly record struct Found(UInt128 Prefix, int Page, int Offset, ushort Length, FoundKind Kind);
}
