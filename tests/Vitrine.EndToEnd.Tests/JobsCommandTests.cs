using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary><c>vitrine jobs</c> against a running server, and jobs that people start.</summary>
public sealed class JobsCommandTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task AJobIsStartedShownHeldAndEnded()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 6, 900, 700);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        await server.IdleAsync(Bound);

        var (_, started) = await scene.RunJsonAsync("jobs", "start", "cache", "--library", "library", "--priority", "low");
        Assert.Equal(("cache", "low"), (started["kind"].Text, started["priority"].Text));
        await server.IdleAsync(Bound);
        var (_, shown) = await scene.RunJsonAsync("jobs", "show", started["id"].Text);
        Assert.Equal(("Completed", 6, 0), (shown["status"].Text, shown["completedImages"].Number, shown["waits"].Items.Count));
        Assert.Equal(6, (await server.LibraryAsync())["derivatives"]["medium"]["count"].Number);
        Assert.Equal(0, shown["details"]["deadBatches"].Number);

        var over = await scene.RunAsync("jobs", "resume", started["id"].Text, "--data", scene.Data);
        Assert.Equal(3, over.ExitCode);
        Assert.Contains("Completed", Assert.Single(over.Errors), StringComparison.Ordinal);
        // A job over nothing ends Completed with zeros.
        var (_, nothing) = await scene.RunJsonAsync("jobs", "retry", started["id"].Text);
        await server.IdleAsync(Bound);
        var (_, empty) = await scene.RunJsonAsync("jobs", "show", nothing["id"].Text);
        Assert.Equal(("Completed", 0), (empty["status"].Text, empty["totalImages"].Number));
        var (_, removed) = await scene.RunJsonAsync("jobs", "cleanup", "--older-than-days", "0");
        Assert.Equal(4, removed["removedJobs"].Number);
    }

    /// <summary>A retry is a new job over what failed, with the old one as its parent; the old one's numbers stay.</summary>
    [Fact]
    public async Task WhatFailedInAJobIsTriedAgainInANewOne()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 2).Write("a/bad.jpg", "bad");
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        await server.IdleAsync(Bound);
        var first = (await server.JobsAsync()).Single(job => job["type"].Text == "derive");
        Assert.Equal(1, first["failedImages"].Number + first["skippedImages"].Number);

        var (ended, retry) = await scene.RunJsonAsync("jobs", "retry", first["id"].Text);
        await server.IdleAsync(Bound);

        Assert.Equal(0, ended.ExitCode);
        var (_, shown) = await scene.RunJsonAsync("jobs", "show", retry["id"].Text);
        Assert.Equal((first["id"].Text, "Completed", 1), (shown["parentId"].Text, shown["status"].Text, shown["totalImages"].Number));
        Assert.Equal(2, (await server.Api.GetAsync($"cache/processing-jobs/{first["id"].Text}"))["completedImages"].Number);
    }

    /// <summary>What is started while no server runs is done by the next one.</summary>
    [Fact]
    public async Task AJobWaitsForAServerAndSaysSo()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 3, 900, 700);
        await scene.RunJsonAsync("import", scene.Library.Root);

        var ended = await scene.RunAsync("jobs", "start", "both", "--library", "library", "--data", scene.Data);
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("no worker is alive", ended.Out, StringComparison.Ordinal);
        var open = await scene.RunAsync("jobs", "--open", "--data", scene.Data);
        Assert.Contains("derive (both) Pending", open.Out, StringComparison.Ordinal);

        await using var server = await scene.ServeAsync();
        await server.IdleAsync(Bound);
        Assert.Equal(3, (await server.LibraryAsync())["derivatives"]["medium"]["count"].Number);
    }

    /// <summary>A job over nothing ends Completed with zeros, whatever it is.</summary>
    [Theory]
    [InlineData("scan")]
    [InlineData("both")]
    public async Task AJobOverNothingEndsCompleted(string type)
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 2);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        await server.IdleAsync(Bound);

        var library = (await server.LibraryAsync())["id"].Text;
        var job = await server.Api.PostAsync("cache/processing-jobs", new { type, libraryId = library, collectionIds = Array.Empty<string>() });
        await server.IdleAsync(Bound);

        job = await server.Api.GetAsync($"cache/processing-jobs/{job["id"]}");
        Assert.Equal("Completed", job["status"].Text);
        foreach (var count in new[] { "totalImages", "completedImages", "skippedImages", "failedImages", "cancelledImages" }) Assert.Equal(0, job[count].Number);
    }

    /// <summary>One image, made anew: nothing else is.</summary>
    [Fact]
    public async Task AJobOverOneImageMakesThatOneAlone()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 4);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        await server.IdleAsync(Bound);
        var before = (await server.CountersAsync())["imagesDecoded"].Number;

        var image = (await server.Api.GetAsync("images/random"))["id"].Text;
        var library = (await server.LibraryAsync())["id"].Text;
        var job = await server.Api.PostAsync("cache/processing-jobs", new { type = "thumbnails", libraryId = library, imageIds = new[] { image }, force = true });
        await server.IdleAsync(Bound);

        Assert.Equal(1, (await server.Api.GetAsync($"cache/processing-jobs/{job["id"]}"))["completedImages"].Number);
        Assert.Equal(before + 1, (await server.CountersAsync())["imagesDecoded"].Number);
        var (_, verified) = await scene.RunJsonAsync("verify");
        Assert.True(verified["countersEqual"].Truth);
    }
}
