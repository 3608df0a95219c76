using System.Buffers.Binary;
using System.Text;

namespace Vitrine.Imaging.Sources;

/// <summary>
/// The sort key of a name: compared as bytes it gives natural order (2 before 10, upper and lower case alike, a folder's content
/// together). Numbers of any length are ordered by value.
/// </summary>
public static class NaturalKey
{
    /// <summary>Longer keys are cut: beyond it names sort as they come.</summary>
    public const int MaxBytes = 1024;

    /// <summary>Sorts before every character that may stand in a name, so that a folder's content stays together.</summary>
    private const byte Separator = 1;
    private const byte End = 0;

    public static byte[] Of(string name, ReadOnlySpan<byte> rawName)
    {
        var folded = Encoding.UTF8.GetBytes(name.Length > MaxBytes ? name[..MaxBytes].ToLowerInvariant() : name.ToLowerInvariant());
        var key = new List<byte>(Math.Min(MaxBytes, (2 * folded.Length) + rawName.Length + 1));
        for (var i = 0; i < folded.Length && key.Count < MaxBytes;)
        {
            if (char.IsAsciiDigit((char)folded[i])) i = AddNumber(key, folded, i);
            else key.Add(folded[i++] is var b && b == (byte)'/' ? Separator : Math.Max(b, (byte)2));
        }
        key.Add(End);
        foreach (var b in rawName[..Math.Min(rawName.Length, MaxBytes)]) key.Add(b);
        return [.. key.Take(MaxBytes)];
    }

    /// <summary>A digit, so that numbers stand where digits stand; the count of digits without leading zeros; the digits.</summary>
    private static int AddNumber(List<byte> key, byte[] text, int start)
    {
        var end = start;
        while (end < text.Length && char.IsAsciiDigit((char)text[end])) end++;
        var first = start;
        while (first < end - 1 && text[first] == (byte)'0') first++;
        Span<byte> count = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(count, (ushort)Math.Min(end - first, ushort.MaxValue));
        key.Add((byte)'0');
        key.AddRange(count);
        key.AddRange(text.AsSpan(first, end - first));
        return end;
    }
}
