using System.IO.Compression;
using System.Text;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd.Abuse;

/// <summary>What somebody hostile would put into a folder that is scanned: names, links, archives that lead out of it, and bombs. And two good pictures.</summary>
internal static class HostileLibrary
{
    public const string Plain = "plain";
    public const string Names = "names";
    public const string Broken = "=1+1.jpg";
    public const string Pwned = "vitrine-pwned";

    /// <summary>Each is a whole picture.</summary>
    public static readonly string[] HostileNames =
    [
        "a\r\nSet-Cookie: stolen=1\r\n\r\n.jpg", "quote\";filename=\"evil.html.jpg", "<img src=x onerror=alert(1)>.jpg", "right\u202Egpj.exe.jpg", "=HYPERLINK(\"x\").jpg",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd.jpg", "..\\..\\windows.jpg", "tab\tand\u0007bell.jpg", ";.jpg",
    ];

    public static void Fill(Shelf shelf, string outside)
    {
        shelf.AddMany(Plain, 2);
        foreach (var name in HostileNames) shelf.Add($"{Names}/{name}");
        shelf.Write($"{Names}/{Broken}", "this is no picture");

        Directory.CreateDirectory(shelf.PathOf("links"));
        File.CreateSymbolicLink(shelf.PathOf("links/outside.jpg"), outside);
        Directory.CreateSymbolicLink(shelf.PathOf("links/folder"), Path.GetDirectoryName(outside)!);
        File.CreateSymbolicLink(shelf.PathOf("links/account.jpg"), "/etc/passwd");

        shelf.AddZip("slip.zip", Encoding.UTF8, Slips(shelf));
        shelf.Write("bombs/ratio.zip", Bomb());
        shelf.Write("bombs/pixels.png", PixelBomb());
    }

    /// <summary>Names that would be written outside, if anything were unpacked to disk.</summary>
    private static IEnumerable<(string, byte[])> Slips(Shelf shelf)
    {
        foreach (var start in new[] { "../", "../../../../../../../../tmp/", "/tmp/", "a/../../", "..\\..\\", "C:\\", "./../" }) yield return ($"{start}{Pwned}.jpg", shelf.Next());
        yield return ("good.jpg", shelf.Next());
    }

    /// <summary>An entry of 64 MiB in some 64 KiB, with the beginning of a picture.</summary>
    private static byte[] Bomb()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("bomb.jpg", CompressionLevel.Optimal).Open();
            entry.Write([0xFF, 0xD8, 0xFF, 0xE0]);
            var nothing = new byte[1 << 20];
            for (var i = 0; i < 64; i++) entry.Write(nothing);
        }
        return file.ToArray();
    }

    /// <summary>A header that promises 60,000 x 60,000 pixels.</summary>
    private static byte[] PixelBomb()
    {
        var png = Pictures.Make(1, "png");
        foreach (var at in new[] { 16, 20 }) System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(at), 60_000);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc(png.AsSpan(12, 17)));
        return png;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) == 1 ? 0xEDB88320u : 0);
        }
        return ~crc;
    }
}
