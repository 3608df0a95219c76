using System.Globalization;
using System.Text;

namespace Vitrine.Tests.Imaging.Archives;

/// <summary>Writes tars as no program would: any name, any type, any size.</summary>
internal sealed class TarBuilder
{
    private readonly MemoryStream _bytes = new();

    public TarBuilder Add(string name, byte[] content, char type = '0', long? claim = null) => Add(Encoding.UTF8.GetBytes(name), content, type, claim);

    public TarBuilder Add(byte[] name, byte[] content, char type = '0', long? claim = null)
    {
        var header = new byte[512];
        name.AsSpan(0, Math.Min(100, name.Length)).CopyTo(header);
        Write(header, 100, "0000644");
        Write(header, 124, Octal(claim ?? content.Length, 11));
        Write(header, 136, Octal(1_600_000_000, 11));
        header[156] = (byte)type;
        Write(header, 257, "ustar\0");
        Write(header, 148, "        ");
        Write(header, 148, Octal(header.Sum(b => (long)b), 6) + "\0 ");
        _bytes.Write(header);
        _bytes.Write(content);
        _bytes.Write(new byte[(512 - (content.Length % 512)) % 512]);
        return this;
    }

    /// <summary>A record that gives the next entry another name.</summary>
    public TarBuilder Path(string name)
    {
        var value = $" path={name}\n";
        var length = Encoding.UTF8.GetByteCount(value);
        var digits = (length + 3).ToString(CultureInfo.InvariantCulture).Length;
        return Add("pax", Encoding.UTF8.GetBytes($"{length + digits}{value}"), 'x');
    }

    public byte[] Build() => [.. _bytes.ToArray(), .. new byte[1024]];

    private static string Octal(long value, int digits) => Convert.ToString(value, 8).PadLeft(digits, '0');

    private static void Write(byte[] header, int at, string text) => Encoding.ASCII.GetBytes(text).CopyTo(header, at);
}
