using Vitrine.Archives;

namespace Vitrine.EndToEnd.Harness;

/// <summary>Files that were pictures and archives before something was done to their bytes; the same ones for the same seed.</summary>
internal static class Mutations
{
    private const int MaxBaseBytes = 200_000;
    private static readonly string[] Formats = ["jpg", "png", "webp", "gif"];

    /// <summary>What the tests make themselves, and the sound files of the corpus where it is.</summary>
    public static IReadOnlyList<(string Extension, byte[] Bytes)> Bases()
    {
        var bases = Formats.SelectMany(format => new[] { 1, 2 }.Select(number => (format, Pictures.Make(number, format, 40 * number, 30 * number)))).ToList();
        var archive = new SevenZipBuilder(solid: true).Add("a.jpg", Pictures.Make(3)).Add("b.png", Pictures.Make(4, "png"));
        bases.Add(("7z", archive.Build()));
        bases.Add(("zip", Zip()));
        if (Installation.Corpus is not { } corpus) return bases;
        var sound = Directory.EnumerateFiles(Path.Combine(corpus, "hostile", "bases")).Order().Select(path => new FileInfo(path)).Where(file => file.Length <= MaxBaseBytes);
        bases.AddRange(sound.Select(file => (file.Extension.TrimStart('.'), File.ReadAllBytes(file.FullName))));
        return bases;
    }

    /// <summary>Some of: bits turned, numbers made very large, bytes put in, parts repeated, parts of another file, the end cut off.</summary>
    public static byte[] Of(byte[] file, byte[] other, Random chance)
    {
        var bytes = file.ToList();
        for (var changes = chance.Next(1, 8); changes > 0 && bytes.Count > 8; changes--)
        {
            // Most of what matters stands at the start.
            var at = chance.Next(chance.Next(2) == 0 ? Math.Min(bytes.Count, 256) : bytes.Count);
            var length = Math.Min(chance.Next(1, 64), bytes.Count - at);
            switch (chance.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << chance.Next(8));
                    break;
                case 1:
                    for (var i = 0; i < Math.Min(4, length); i++) bytes[at + i] = (byte)(chance.Next(2) * 255);
                    break;
                case 2:
                    bytes.InsertRange(at, Enumerable.Range(0, length).Select(_ => (byte)chance.Next(256)));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    bytes.InsertRange(at, other.Skip(chance.Next(other.Length)).Take(length * 4));
                    break;
                default:
                    bytes.RemoveRange(bytes.Count - length, length);
                    break;
            }
        }
        return [.. bytes];
    }

    private static byte[] Zip()
    {
        using var stream = new MemoryStream();
        using (var zip = new System.IO.Compression.ZipArchive(stream, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var number in new[] { 5, 6 })
            {
                using var entry = zip.CreateEntry($"page {number}.jpg").Open();
                entry.Write(Pictures.Make(number));
            }
        }
        return stream.ToArray();
    }
}
