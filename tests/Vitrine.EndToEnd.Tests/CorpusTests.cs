using System.Text.Json;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>Real pictures and hostile files, where the corpus is: each ends as a picture or as a named refusal, and the server lives.</summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task PicturesHaveTheSizesOfTheirManifest()
    {
        Assert.SkipUnless(Installation.IsLong, "The same pictures are decoded one by one in ./test already, and imported whole in ./test long.");
        await using var scene = new Scene();
        var (summary, images) = await ImportAsync(scene, "photos");
        var byPlace = images.ToLookup(image => image.Place, image => image.Image);
        var checkedOnes = 0;

        foreach (var file in Manifest("photos"))
        {
            if (!file.GetProperty("expect").TryGetProperty("decodes", out var decodes) || decodes.ValueKind != JsonValueKind.True) continue;
            var image = byPlace[file.GetProperty("name").GetString()!].SingleOrDefault();
            if (image.Element.ValueKind == JsonValueKind.Undefined || image["state"].Text == "skipped") continue;
            Assert.True(image["state"].Text == "ready", image.ToString());
            Assert.Equal(
                (file.GetProperty("expect").GetProperty("width").GetInt64(), file.GetProperty("expect").GetProperty("height").GetInt64()),
                (image["width"].Number, image["height"].Number));
            checkedOnes++;
        }
        output.WriteLine($"{checkedOnes} sizes; {summary["completed"]} pictures, {summary["skipped"]} skipped, {summary["failed"]} failed");
        Assert.InRange(checkedOnes, 300, 500);
    }

    [Fact]
    public async Task HostileFilesEndAsPicturesOrAsNamedRefusals()
    {
        Assert.SkipUnless(Installation.IsLong, "1,194 hostile files take a minute: ./test long.");
        await using var scene = new Scene();
        var (summary, images) = await ImportAsync(scene, "hostile");

        output.WriteLine($"{summary["completed"]} pictures, {summary["skipped"]} skipped, {summary["failed"]} failed");
        foreach (var group in summary["failures"].Items.GroupBy(failure => failure["code"].Text)) output.WriteLine($"{group.Key}: {group.Count()}");
        Assert.All(images, image => Assert.NotEqual("new", image.Image["state"].Text));
        Assert.Equal(summary["images"].Number, summary["completed"].Number + summary["skipped"].Number + summary["failed"].Number);
        Assert.DoesNotContain(summary["failures"].Items, failure => failure["code"].Text is "dead-letter" or "stalled");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetTempPath(), "corpus-pwned*"));
    }

    private static async Task<(Json Summary, List<(string Place, Json Image)> Images)> ImportAsync(Scene scene, string part)
    {
        Assert.SkipWhen(Installation.Corpus is null, "There is no corpus (VITRINE_CORPUS).");
        await using var server = await scene.ServeAsync();
        var ended = await scene.Start("import", Path.Combine(Installation.Corpus, part), "--data", scene.Data, "--json").EndAsync(Bound);
        Assert.True(ended.ExitCode is 0 or 1, ended.ToString());
        Assert.False(server.Running.HasEnded);
        var images = new List<(string, Json)>();
        foreach (var collection in (await server.Api.AllAsync("collections")).Where(found => found["kind"].Text == "directory"))
        {
            var folder = string.Join('/', new[] { collection["parentPath"].Text, collection["name"].Text }.Where(name => name.Length > 0));
            foreach (var image in await server.Api.AllAsync($"collections/{collection["id"]}/images")) images.Add(($"{folder}/{image["name"].Text}", image));
        }
        var (_, verified) = await scene.RunJsonAsync("verify");
        Assert.Equal((0, 0, 0, true), (verified["orphans"].Number, verified["missing"].Number, verified["damaged"].Number, verified["countersEqual"].Truth));
        return (Json.Parse(ended.Out), images);
    }

    private static IEnumerable<JsonElement> Manifest(string part)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Installation.Corpus!, part, "MANIFEST.json")));
        return [.. document.RootElement.GetProperty("files").EnumerateArray().Select(file => file.Clone())];
    }
}
