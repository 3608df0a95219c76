using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>A library that lost much, or has much otherwise, keeps what it had until somebody says so.</summary>
public sealed class BrakeTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task WhatIsGoneIsHeldAndServedAndGoesWhenItIsApproved()
    {
        await using var scene = NewScene();
        await using var server = await scene.ServeAsync();
        await scene.RunJsonAsync("import", scene.Library.Root);
        var away = Path.Combine(scene.Folder, "away");
        Directory.Move(scene.Library.PathOf("a"), away);

        var (ended, summary) = await scene.RunJsonAsync("import", scene.Library.Root);
        Assert.Equal((1, 20), (ended.ExitCode, (int)summary["images"].Number));
        Assert.Equal((12, 0), Counts(Assert.Single(summary["held"].Items)));
        Assert.Equal("brake", Assert.Single((await server.Api.GetAsync("alerts?open=true"))["items"].Items)["code"].Text);
        Assert.Contains(await server.JobsAsync(), job => !job["reason"].IsNull && job["reason"].Text == "brake" && job["status"].Text == "Completed");
        await ShowsAsync(server, scene.Library.Numbers);

        // Back by itself: nothing is to be approved any more.
        Directory.Move(away, scene.Library.PathOf("a"));
        (ended, summary) = await scene.RunJsonAsync("import", scene.Library.Root);
        Assert.Equal((0, 20), (ended.ExitCode, (int)summary["images"].Number));
        Assert.DoesNotContain("held", summary.Names);
        Assert.Empty((await server.Api.GetAsync("alerts?open=true"))["items"].Items);
        Assert.Equal(20, (await server.CountersAsync())["imagesDecoded"].Number);
        Assert.Equal(2, (await scene.RunAsync("brake", "1", "--approve", "--data", scene.Data)).ExitCode);

        Directory.Delete(scene.Library.PathOf("a"), recursive: true);
        await scene.RunJsonAsync("import", scene.Library.Root);
        var rejected = await BrakeAsync(scene, "--reject");
        Assert.Equal((20, true), ((int)rejected["images"].Number, rejected["held"].IsNull));
        await scene.RunJsonAsync("import", scene.Library.Root);
        Assert.Equal((12, 0), Counts((await BrakeAsync(scene))["held"]));

        var approved = await BrakeAsync(scene, "--approve");
        Assert.Equal((8, true), ((int)approved["images"].Number, approved["held"].IsNull));
        Assert.Equal(12, (await server.Api.AllAsync("libraries/1/trash")).Count);
        await Verified.WholeAsync(scene, 8, 2, files: 40); // What waits in the trash keeps its derivatives.
    }

    [Fact]
    public async Task WhatIsOtherwiseShowsTheOldPictureUntilItIsApproved()
    {
        await using var scene = NewScene();
        await scene.RunJsonAsync("import", scene.Library.Root);
        var files = Directory.GetFiles(scene.Library.PathOf("b")).Take(7).ToList();
        for (var i = 0; i < files.Count; i++) await File.WriteAllBytesAsync(files[i], Pictures.Make(30_001 + i, Path.GetExtension(files[i])[1..]));

        // Whichever process looks: what is held is in the database.
        var (ended, summary) = await scene.RunJsonAsync("import", scene.Library.Root);
        Assert.Equal((1, 20), (ended.ExitCode, (int)summary["completed"].Number));
        Assert.Equal((0, 7), Counts((await BrakeAsync(scene))["held"]));
        await using var server = await scene.ServeAsync();
        await ShowsAsync(server, scene.Library.Numbers);

        await BrakeAsync(scene, "--approve");
        (ended, summary) = await scene.RunJsonAsync("import", scene.Library.Root);
        Assert.Equal((0, 20), (ended.ExitCode, (int)summary["completed"].Number));
        await server.IdleAsync(Bound);
        Assert.Equal(7, (await server.CountersAsync())["imagesDecoded"].Number);
        var shown = await ShownAsync(server);
        Assert.Equal(Enumerable.Range(30_001, 7), shown.Where(number => number > 30_000).Order());
    }

    private static Scene NewScene()
    {
        var scene = new Scene();
        scene.Environment["VITRINE__Engine__BrakeImages"] = "5";
        scene.Library.AddMany("a", 12).AddMany("b", 8);
        return scene;
    }

    private static async Task ShowsAsync(Server server, IEnumerable<int> numbers) => Assert.Equal(numbers.Order(), (await ShownAsync(server)).Order());

    private static async Task<List<int>> ShownAsync(Server server)
    {
        var shown = new List<int>();
        foreach (var image in await Gallery.ImagesAsync(server.Api)) shown.Add(Pictures.Read(await server.Api.BytesAsync(image["urls"]["display"].Text)));
        return shown;
    }

    private static async Task<Json> BrakeAsync(Scene scene, params string[] options) => (await scene.RunJsonAsync(["brake", "1", .. options])).Summary;

    private static (int Removed, int Redone) Counts(Json held) => ((int)held["removed"].Number, (int)held["redone"].Number);
}
