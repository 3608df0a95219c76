using System.Net;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>Pause, resume and cancel, and several commands on one data folder.</summary>
public sealed class JobControlTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    /// <summary>A pause is a person's word: it outlives a kill -9.</summary>
    [Fact]
    public async Task APauseOutlivesARestart()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 80, 900, 700);
        var server = await scene.ServeAsync("--library", scene.Library.Root);
        var id = await PauseInTheMiddleAsync(server);
        server.Running.Kill();
        await server.Running.EndAsync(Bound);
        await server.DisposeAsync();

        server = await scene.ServeAsync();
        var held = await server.Api.GetAsync($"cache/processing-jobs/{id}");
        Assert.Equal("Paused", held["status"].Text);
        Assert.Equal("user", Assert.Single(held["holds"].Items).Text);
        Assert.Equal(0, (await server.CountersAsync())["itemsDone"].Number);

        await server.Api.PostAsync($"cache/processing-jobs/{id}/resume");
        await server.IdleAsync(Bound);
        Assert.Equal(80, (await server.LibraryAsync())["ready"].Number);
        await Verified.WholeAsync(scene, 80, 2);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task ACancelledJobStaysCancelledAndItsNumbersAddUp()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 80, 900, 700);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        var id = await PauseInTheMiddleAsync(server);

        await server.Api.PostAsync($"cache/processing-jobs/{id}/cancel");
        await server.IdleAsync(Bound);

        var job = await server.Api.GetAsync($"cache/processing-jobs/{id}");
        Assert.Equal("Cancelled", job["status"].Text);
        Assert.InRange(job["cancelledImages"].Number, 1, 80);
        Assert.Equal(job["totalImages"].Number, job["completedImages"].Number + job["skippedImages"].Number + job["failedImages"].Number + job["cancelledImages"].Number);
        Assert.Equal(job["completedImages"].Number, (await server.LibraryAsync())["ready"].Number);
        Assert.Equal((HttpStatusCode.Conflict, "conflict"), await server.Api.RefusalAsync(HttpMethod.Post, $"cache/processing-jobs/{id}/resume"));
        var (_, summary) = await scene.RunJsonAsync("import", scene.Library.Root);
        Assert.Equal(80, summary["completed"].Number);
    }

    /// <summary>The image in the hand of each worker ends, and at most one that a worker began while the word was on its way.</summary>
    [Fact]
    public async Task ACancelTakesEffectWithinOneItem()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 24, 2800, 2100);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        await Eventually.TrueAsync("the first image is made", Bound, async () => (await server.CountersAsync())["itemsDone"].Number > 0);
        var id = (await server.JobsAsync()).Single(job => job["type"].Text == "derive")["id"].ToString();

        await server.Api.PostAsync($"cache/processing-jobs/{id}/cancel");
        var then = (await server.CountersAsync())["imagesDecoded"].Number;
        await server.IdleAsync(Bound);

        var workers = (await server.Api.GetAsync("status"))["workers"].Number;
        var after = (await server.CountersAsync())["imagesDecoded"].Number;
        Assert.InRange(after - then, 0, 2 * workers);
        Assert.InRange((await server.Api.GetAsync($"cache/processing-jobs/{id}"))["cancelledImages"].Number, 1, 24);
    }

    /// <summary>The owner of the data folder is the first one; it does not leave the second one alone in the middle of its work.</summary>
    [Fact]
    public async Task TwoImportsAtOnceBothEndWell()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("first", 30, 900, 700).AddMany("second", 60, 900, 700);
        var first = scene.Start("import", scene.Library.PathOf("first"), "--data", scene.Data, "--json");
        await Eventually.TrueAsync("the first import listens", Bound, () => File.Exists(Path.Combine(scene.Data, "vitrine.sock")));
        var second = scene.Start("import", scene.Library.PathOf("second"), "--data", scene.Data, "--json");

        var ended = await Task.WhenAll(first.EndAsync(Bound), second.EndAsync(Bound));

        Assert.All(ended, end => Assert.True(end.ExitCode == 0, end.ToString()));
        Assert.Equal([30, 60], ended.Select(end => Json.Parse(end.Out)["completed"].Number));
        await Verified.WholeAsync(scene, 90, 2);
    }

    /// <summary>A server that is stopped takes the word from an import that asked it: one line, exit code 3, and a second run goes on.</summary>
    [Fact]
    public async Task AnImportWhoseServerStopsSaysSo()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 100, 900, 700);
        await using var server = await scene.ServeAsync();
        var import = scene.Start("import", scene.Library.Root, "--data", scene.Data);
        await Eventually.TrueAsync("the first image is made", Bound, async () => (await server.CountersAsync())["itemsDone"].Number > 0);

        await server.StopAsync();
        var ended = await import.EndAsync(Bound);

        Assert.True(ended.ExitCode == 3, ended.ToString());
        Assert.DoesNotContain("Exception", Assert.Single(ended.Errors), StringComparison.Ordinal);
        var (_, summary) = await scene.RunJsonAsync("import", scene.Library.Root);
        Assert.Equal(100, summary["completed"].Number);
    }

    [Fact]
    public async Task TimesAreUtcWithZ()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 1);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        await server.IdleAsync(Bound);

        var library = await server.LibraryAsync();
        var job = (await server.JobsAsync())[0];

        foreach (var time in new[] { library["createdAt"], library["lastScanAt"], job["createdAt"], job["finishedAt"] }) Assert.EndsWith("Z", time.Text, StringComparison.Ordinal);
    }

    private static async Task<string> PauseInTheMiddleAsync(Server server)
    {
        await Eventually.TrueAsync("the first image is made", Bound, async () => (await server.CountersAsync())["itemsDone"].Number > 0);
        var id = (await server.JobsAsync()).Single(job => job["type"].Text == "derive")["id"].ToString();
        var paused = await server.Api.PostAsync($"cache/processing-jobs/{id}/pause");
        Assert.Equal("Paused", paused["status"].Text);
        return id;
    }
}
