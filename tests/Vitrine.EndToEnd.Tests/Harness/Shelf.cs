using System.IO.Compression;
using System.Text;
using Vitrine.Archives;

namespace Vitrine.EndToEnd.Harness;

/// <summary>The originals of one library, and which numbered picture each of them is.</summary>
internal sealed class Shelf
{
    private static readonly string[] Formats = ["jpg", "png", "webp", "gif"];
    private int _next = 1;

    public Shelf(string root)
    {
        Root = root;
        Directory.CreateDirectory(root);
    }

    public string Root { get; }

    /// <summary>Numbers of all pictures that a scan must find; the same picture twice stands twice.</summary>
    public List<int> Numbers { get; } = [];

    public string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>Writes pictures named after their numbers, in turn JPEG, PNG, WebP and GIF.</summary>
    public Shelf AddMany(string folder, int count, int width = 64, int height = 48)
    {
        Directory.CreateDirectory(PathOf(folder));
        for (var i = 0; i < count; i++)
        {
            var (number, format) = Take();
            File.WriteAllBytes(PathOf(Path.Combine(folder, Name(number, format))), Pictures.Make(number, format, width, height));
        }
        return this;
    }

    /// <summary>Writes one picture, or another one over it; answers its number.</summary>
    public int Add(string relative, int width = 64, int height = 48)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        var number = Take().Number;
        File.WriteAllBytes(PathOf(relative), Pictures.Make(number, Path.GetExtension(relative)[1..], width, height));
        return number;
    }

    /// <summary>A file of this size without any data, which takes no room on the disk.</summary>
    public Shelf WriteSparse(string relative, long bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        using var file = File.Create(PathOf(relative));
        file.SetLength(bytes);
        return this;
    }

    public Shelf AddZip(string relative, int count, int width = 64, int height = 48)
    {
        var entries = Enumerable.Range(0, count).Select(_ => Take())
            .Select(taken => (Name(taken.Number, taken.Format), Pictures.Make(taken.Number, taken.Format, width, height)));
        return AddZip(relative, Encoding.UTF8, entries);
    }

    /// <summary>Names may come twice. With an encoding that is not UTF-8, names beyond ASCII are written in it, and no entry says so.</summary>
    public Shelf AddZip(string relative, Encoding names, IEnumerable<(string Name, byte[] Bytes)> entries)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        using var file = File.Create(PathOf(relative));
        using var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: false, names);
        foreach (var (name, bytes) in entries)
        {
            using var entry = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
            entry.Write(bytes);
        }
        return this;
    }

    /// <summary>A 7z in one block: what comes later in it is read after what comes before.</summary>
    public Shelf AddSolid(string relative, int count, int width = 64, int height = 48)
    {
        var archive = new SevenZipBuilder(solid: true);
        foreach (var (number, format) in Enumerable.Range(0, count).Select(_ => Take()).Reverse()) archive.Add(Name(number, format), Pictures.Make(number, format, width, height));
        return Write(relative, archive.Build());
    }

    /// <summary>A picture with a number of its own, for an entry written by the test.</summary>
    public byte[] Next(string format = "jpg") => Pictures.Make(Take().Number, format);

    public Shelf Write(string relative, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        File.WriteAllText(PathOf(relative), content);
        return this;
    }

    public Shelf Write(string relative, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        File.WriteAllBytes(PathOf(relative), content);
        return this;
    }

    public static string Name(int number, string format) => $"p{number:00000}.{format}";

    private (int Number, string Format) Take()
    {
        Numbers.Add(_next);
        return (_next, Formats[_next++ % Formats.Length]);
    }
}
