using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>Originals that are written over while they are read: in the end every derivative shows the picture that is there.</summary>
public sealed class OverwriteTests(ITestOutputHelper output)
{
    private const int Files = 24;
    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task AnOriginalWrittenOverWhileItIsReadNeverKeepsTheOldPicture()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        await using var scene = new Scene();
        scene.Environment["VITRINE__Engine__SettleSeconds"] = "1";
        for (var i = 0; i < Files; i++) scene.Library.Add(NameOf(i), 900, 700);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);

        var written = await OverwriteDuringScansAsync(scene, server, new(seed));
        output.WriteLine($"{written} overwrites, {(await server.CountersAsync())["imagesDecoded"]} decodes");

        var (ended, summary) = await scene.RunJsonAsync("import", scene.Library.Root);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Equal((Files, Files), ((int)summary["images"].Number, (int)summary["completed"].Number));
        await server.IdleAsync(EndBound);
        foreach (var image in await Gallery.ImagesAsync(server.Api))
        {
            var now = Pictures.Read(await File.ReadAllBytesAsync(scene.Library.PathOf("a/" + image["name"].Text)));
            foreach (var preset in new[] { "thumbnail", "display" })
            {
                Assert.Equal(now, Pictures.Read(await server.Api.BytesAsync(image["urls"][preset].Text)));
            }
        }
    }

    /// <summary>An archive is replaced whole: no image of the old one is shown under a name of the new one.</summary>
    [Fact]
    public async Task AReplacedArchiveShowsItsNewPictures()
    {
        await using var scene = new Scene();
        scene.Library.AddZip("book.zip", 40, 800, 600);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        for (var round = 0; round < 4; round++)
        {
            // Same names, other pictures: only the content tells them apart.
            scene.Library.AddZip("next.tmp", System.Text.Encoding.UTF8, Enumerable.Range(0, 40).Select(i => ($"{i:00}.jpg", scene.Library.Next())));
            File.Move(scene.Library.PathOf("next.tmp"), scene.Library.PathOf("book.zip"), overwrite: true);
            await server.ScanAsync();
            await Eventually.TrueAsync("the scan begins to read", EndBound, async () => (await server.CountersAsync())["containersListed"].Number > 2 * round);
        }
        await server.IdleAsync(EndBound);
        await scene.RunJsonAsync("import", scene.Library.Root);

        var shown = new List<int>();
        foreach (var image in await Gallery.ImagesAsync(server.Api)) shown.Add(Pictures.Read(await server.Api.BytesAsync(image["urls"]["thumbnail"].Text)));
        Assert.Equal(scene.Library.Numbers.TakeLast(40).Order(), shown.Order());
    }

    private static string NameOf(int i) => $"a/file{i:00}.jpg";

    /// <summary>By rename, and in place; a scan is started whenever none is under way.</summary>
    private static async Task<int> OverwriteDuringScansAsync(Scene scene, Server server, Random random)
    {
        var written = 0;
        var (number, scans) = (1000, 0);
        while (scans < (Installation.IsLong ? 8 : 3))
        {
            var path = scene.Library.PathOf(NameOf(random.Next(Files)));
            var bytes = Pictures.Make(++number, "jpg", 900, 700);
            if (random.Next(2) == 0)
            {
                await File.WriteAllBytesAsync(path + ".part", bytes);
                File.Move(path + ".part", path, overwrite: true);
            }
            else
            {
                await File.WriteAllBytesAsync(path, bytes);
            }
            written++;
            if (written % 40 != 0) continue;
            await server.ScanAsync();
            scans++;
        }
        return written;
    }
}
