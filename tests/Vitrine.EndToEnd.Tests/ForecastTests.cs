using System.Globalization;
using System.Net;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>A forecast against what the job came to: on real pictures, and on a library of which nothing was made or decoded before.</summary>
public sealed class ForecastTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task TheCorpusComesToWhatWasForecast()
    {
        Assert.SkipUnless(Installation.IsLong, "The corpus is made once more for it: ./test long.");
        Assert.SkipWhen(Installation.Corpus is null, "There is no corpus (VITRINE_CORPUS).");
        await using var scene = new Scene();
        await using var server = await scene.ServeAsync();
        await ForeseenAsync(scene, server, Path.Combine(Installation.Corpus, "photos"));
    }

    [Fact]
    public async Task ALibraryThatWasNeverSampledComesToWhatWasForecast()
    {
        Assert.SkipUnless(Installation.IsLong, "310 pictures are made for it: ./test long.");
        await using var scene = new Scene();
        scene.Library.AddMany("small", 200, 300, 200).AddMany("large", 30, 2400, 1800).AddMany("middle", 80, 1200, 900);
        await using var server = await scene.ServeAsync();
        await ForeseenAsync(scene, server, scene.Library.Root);
    }

    [Fact]
    public async Task WhatIsThereAlreadyIsNotForecast()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 60, 1200, 900);
        await using var server = await scene.ServeAsync();
        await scene.RunJsonAsync("import", scene.Library.Root, "--presets", "thumbnail,medium,display");
        var library = (await server.Api.GetAsync("libraries"))["items"].Items.Single()["id"].Text;

        var forecast = await server.Api.PostAsync("cache/forecast", new { libraryId = library, presets = new[] { "display", "medium" }, force = true });

        Assert.Equal(("fits", true), (forecast["room"].Text, forecast["code"].IsNull));
        Assert.Equal((60, 120), (forecast["images"].Number, forecast["files"].Number));
        Assert.Equal(["medium", "display"], forecast["presets"].Items.Select(preset => preset["preset"].Text));
        var nothing = await server.Api.PostAsync("cache/forecast", new { libraryId = library });
        Assert.Equal((0, 0, 0), (nothing["images"].Number, nothing["bytes"]["expected"].Number, nothing["sampledImages"].Number));
    }

    [Fact]
    public async Task WhatWillNotFitIsSaidBeforeAndAJobThatNeedsTheRoomIsRefused()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 60, 1200, 900);
        await using var server = await scene.ServeAsync();
        await scene.RunJsonAsync("import", scene.Library.Root, "--presets", "thumbnail,display");
        var library = (await server.Api.GetAsync("libraries"))["items"].Items.Single()["id"].Text;
        var folder = (await server.Api.GetAsync("cache/folders"))["items"].Items.Single();
        var little = new { limitBytes = folder["bytes"].Number + 50_000 };
        using (var limited = await server.Api.SendAsync(HttpMethod.Patch, $"cache/folders/{folder["id"].Text}", little)) Assert.Equal(HttpStatusCode.OK, limited.StatusCode);

        var forecast = await server.Api.PostAsync("cache/forecast", new { libraryId = library, presets = new[] { "display" }, force = true });
        Assert.True(forecast["bytes"]["low"].Number > 50_000, $"{forecast}");
        Assert.Equal("no-room", forecast["code"].Text);
        var job = new { type = "derive", libraryId = library, presets = new[] { "display" }, force = true, requireRoom = true };
        Assert.Equal((HttpStatusCode.Conflict, "no-room"), await server.Api.RefusalAsync(HttpMethod.Post, "cache/processing-jobs", job));
        Assert.DoesNotContain(await server.JobsAsync(), shown => shown["force"].Truth);
    }

    /// <summary>Nothing but the listing is known of the library when it is asked; then all is made, and compared.</summary>
    private async Task ForeseenAsync(Scene scene, Server server, string root)
    {
        var ended = await scene.Start("import", root, "--presets", "thumbnail", "--data", scene.Data, "--json").EndAsync(Bound);
        Assert.True(ended.ExitCode is 0 or 1, ended.ToString());
        var library = (await server.Api.GetAsync("libraries"))["items"].Items.Single()["id"].Text;
        string[] presets = ["medium", "display"];

        var forecast = await server.Api.PostAsync("cache/forecast", new { libraryId = library, presets });
        var thumbnails = await server.Api.PostAsync("cache/forecast", new { libraryId = library, presets = new[] { "thumbnail" }, force = true });
        var job = await server.Api.PostAsync("cache/processing-jobs", new { type = "derive", libraryId = library, presets });
        var started = TimeProvider.System.GetTimestamp();
        await Eventually.TrueAsync("the job is completed", TimeSpan.FromSeconds(12), async () => (await server.Api.GetAsync($"cache/processing-jobs/{job["id"]}"))["status"].Text is "Completed");
        var took = TimeProvider.System.GetElapsedTime(started);

        var made = (await server.Api.GetAsync("cache/statistics"))["derivatives"].Items.ToLookup(derivatives => derivatives["preset"].Text, derivatives => derivatives["bytes"].Number);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{forecast["images"]} images, {forecast["sampledImages"]} sampled in {forecast["sampleSeconds"]} s; hours: {forecast["hours"]["expected"]} forecast, {took.TotalHours:0.0000} taken"));
        Compare("medium + display", forecast["bytes"], presets.Sum(preset => made[preset].Sum()));
        Compare("thumbnail", thumbnails["bytes"], made["thumbnail"].Sum());
    }

    private void Compare(string what, Json bytes, long actual)
    {
        var off = ((double)bytes["expected"].Number / actual) - 1;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {bytes["expected"].Number} bytes forecast ({bytes["low"].Number} to {bytes["high"].Number}), {actual} made: {off:+0.0%;-0.0%}"));
        Assert.InRange(off, -0.10, 0.10);
    }
}
