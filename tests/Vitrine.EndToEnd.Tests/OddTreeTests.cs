using System.Text;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>A tree of names and objects that programs stumble over: each picture in it is found once, made and served, and nothing else is.</summary>
public sealed class OddTreeTests
{
    private static readonly string[] Names =
    [
        "#1 hash.jpg", "100% sure.jpg", "%2e%2e.jpg", "q?uestion.jpg", "a&b=c.jpg", " leading.jpg", "trailing .jpg", "back\\slash.jpg", "<b>tag.jpg", "$(id).jpg",
        "[1].jpg", "-dash.jpg", "--help.jpg", "dot..dot.jpg", "tab\there.jpg", "new\nline.jpg", "esc\u001b[31m.jpg", "😀 emoji.jpg", "日本語.jpg",
        "rtl\u202egpj.exe.jpg", "\u00e9.jpg", "e\u0301.jpg", "a.jpg", "A.jpg", "CON.jpg",
    ];

    [Fact]
    public async Task EveryPictureIsFoundOnceAndServedWhateverItsName()
    {
        await using var scene = new Scene();
        var library = scene.Library;
        foreach (var name in Names) library.Add($"names/{name}");
        library.Add($"{new string('n', 251)}.jpg");
        library.Add($"{string.Join('/', Enumerable.Repeat(new string('d', 100), 30))}/deep.jpg");
        library.Add("folder.jpg/inside.jpg");
        library.AddZip("doubled.cbz", Encoding.UTF8, [("1.jpg", library.Next()), ("1.jpg", library.Next()), ("1.jpg", library.Next())]);
        await NotUtf8Async(library);
        await ObjectsAsync(library);

        var (ended, summary) = await scene.RunJsonAsync("import", library.Root, "--presets", "thumbnail,display");

        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Equal((library.Numbers.Count, 0), (summary["completed"].Number, summary["failures"].Items.Count));
        await using (var server = await scene.ServeAsync()) await Gallery.CheckAsync(server.Api, library.Numbers, "thumbnail", "display");

        // The scene's own cleaning up cannot open them either.
        await ShellAsync(library, "rm -rf raw");
    }

    [Fact]
    public async Task WhatIsNoPictureIsNamed()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("good", 2).Write("empty.jpg", "").WriteSparse("zeros.cbz", 3L << 30).WriteSparse("huge.jpg", 10L << 30);

        var (ended, summary) = await scene.RunJsonAsync("import", scene.Library.Root, "--presets", "thumbnail");

        Assert.Equal(1, ended.ExitCode);
        Assert.Equal(2, summary["completed"].Number);
        Assert.Equal(
            ["empty.jpg empty", "huge.jpg too-large", "zeros.cbz archive-corrupt"],
            summary["failures"].Items.Select(failure => $"{failure["source"].Text} {failure["code"].Text}").Order(StringComparer.Ordinal));
    }

    /// <summary>Names that this runtime can neither write nor open: a picture, a folder and an archive, and two that differ in such a byte alone.</summary>
    private static async Task NotUtf8Async(Shelf library)
    {
        foreach (var name in new[] { "1", "2", "3" }) library.Add($"raw/{name}.jpg");
        library.Add("raw/folder/4.jpg");
        library.AddZip("raw/5.cbz", 2);
        await ShellAsync(library, """
            cd raw; mv 1.jpg $'caf\xe9.jpg'; mv 2.jpg $'bad-\xff.jpg'; mv 3.jpg $'bad-\xfe.jpg'; mv folder $'fold\xff\xe3er'; mv 5.cbz $'half-\xe3\x81.cbz'
            """);
    }

    /// <summary>Links that lead out, in circles and nowhere; what blocks whoever opens it; and an empty folder with an archive's name.</summary>
    private static Task<string> ObjectsAsync(Shelf library) => ShellAsync(library, """
        mkdir -p links/real empty.cbz
        ln -s .. links/real/up; ln -s b links/a; ln -s a links/b; ln -s /etc links/etc; ln -s /etc/passwd links/passwd.jpg; ln -s /dev/zero links/zero.jpg
        ln -s nowhere.jpg links/dangling.jpg; mkfifo links/fifo.jpg
        """);

    private static Task<string> ShellAsync(Shelf library, string script) => Programs.RunAsync(library.Root, "bash", "-euc", script);
}
