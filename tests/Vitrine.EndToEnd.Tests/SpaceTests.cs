using NetVips;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>A folder that is far too small for what an import wants, watched from outside. <c>VITRINE_LONG=1</c>: 200 MB, where the import wants 1 GB.</summary>
public sealed class SpaceTests
{
    private const int Edge = 720;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(Installation.IsLong ? 120 : 20);

    private static int Count => Installation.IsLong ? 1300 : 33;

    private static long Limit => Installation.IsLong ? 200_000_000 : 6_000_000;

    [Fact]
    public async Task TheLimitHoldsThumbnailsAreAllThereAndWhatWasNotMadeIsSaid()
    {
        await using var scene = new Scene();
        var original = AddNoise(scene.Library);
        await using var server = await scene.ServeAsync();
        using (var changed = await server.Api.SendAsync(HttpMethod.Patch, "cache/folders/1", new { limitBytes = Limit })) Assert.True(changed.IsSuccessStatusCode);
        using var watching = new CancellationTokenSource();
        var watch = WatchAsync(Path.Combine(scene.Data, "cache"), watching.Token);

        await server.AddLibraryAsync(scene.Library.Root, "thumbnail", "medium", "display");
        await server.IdleAsync(Bound);
        await watching.CancelAsync();
        var (most, looks) = await watch;

        var images = await Gallery.ImagesAsync(server.Api);
        var folder = (await server.Api.GetAsync("cache/folders"))["items"].Items.Single();
        var made = images.Count(image => Has(image, "display"));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Count} images, limit {Limit}, wanted about {original * 2}: at most {most} bytes in {looks} looks; {folder["bytes"].Number} in the end, {made} with display");
        var oneOfEach = 2 * (original / Count * 5 / 2);
        Assert.InRange(most, Limit / 2, Limit + oneOfEach);
        Assert.InRange((long)folder["bytes"].Number, Limit / 2, Limit);
        Assert.InRange(made, 1, Count - 1);
        Assert.All(images, image => Assert.Equal("ready", image["state"].Text));
        Assert.All(images, image => Assert.True(Has(image, "thumbnail")));
        await Eventually.TrueAsync("what was not made is said", TimeSpan.FromSeconds(10), async () =>
            (await server.Api.AllAsync("alerts?open=true")).Any(alert => alert["code"].Text == "cache-no-room" && alert["message"].Text.Contains("bytes of presets", StringComparison.Ordinal)));
        var (ended, verified) = await scene.RunJsonAsync("verify");
        Assert.Equal((0, 0, 0, 0), (ended.ExitCode, (int)verified["orphans"].Number, (int)verified["missing"].Number, (int)verified["damaged"].Number));
        Assert.Contains("\"countersEqual\":true", verified.ToString(), StringComparison.Ordinal);

        // Somebody who waits for one of them gets it: what nobody looks at goes for it.
        var lacking = images.First(image => !Has(image, "display"));
        await Gallery.PictureAsync(server.Api, $"images/{lacking["id"]}/display");
        Assert.All(await Gallery.ImagesAsync(server.Api), image => Assert.True(Has(image, "thumbnail")));
    }

    /// <summary>Only what is made has a version in its address.</summary>
    private static bool Has(Json image, string preset) => image["urls"][preset].Text.Contains("v=", StringComparison.Ordinal);

    /// <summary>Noise does not compress, so that derivatives are as large as they get. Answers the bytes of all originals.</summary>
    private static long AddNoise(Shelf shelf)
    {
        var (random, pixels, bytes) = (new Random(5), new byte[Edge * Edge * 3], 0L);
        for (var i = 0; i < Count; i++)
        {
            random.NextBytes(pixels);
            using var picture = Image.NewFromMemory(pixels, Edge, Edge, 3, Enums.BandFormat.Uchar);
            var jpeg = picture.JpegsaveBuffer(q: 85);
            shelf.Write($"{i / 100}/{i:00000}.jpg", jpeg);
            bytes += jpeg.Length;
        }
        return bytes;
    }

    /// <summary>The most bytes in the folder, looked at every 50 ms.</summary>
    private static async Task<(long Most, int Looks)> WatchAsync(string folder, CancellationToken until)
    {
        var (most, looks) = (0L, 0);
        while (!until.IsCancellationRequested)
        {
            most = Math.Max(most, Sum(folder));
            looks++;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
        return (most, looks);
    }

    private static long Sum(string folder)
    {
        var sum = 0L;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Name[0] != '.' && file.Name != "published"))
        {
            try
            {
                sum += file.Length;
            }
            catch (FileNotFoundException)
            {
                // It was renamed or dropped since its name was read.
            }
        }
        return sum;
    }
}
