using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>An image over the size limit, from the API through the queue and a worker to the job's counts (R75, R80).</summary>
public sealed class LargeImageTests
{
    [Fact]
    public async Task AnImageOver500MiBFailsOnceAndIsNamedInTheLog()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 3).WriteSparse("a/huge.jpg", 600L << 20).WriteSparse("a/whole.jpg", 500L << 20);
        await using var server = await scene.ServeAsync("--library", scene.Library.Root);
        await server.IdleAsync(TimeSpan.FromSeconds(60));

        var job = (await server.JobsAsync()).Single(j => j["type"].Text == "derive");
        var failures = (await server.Api.GetAsync($"cache/processing-jobs/{job["id"].Text}/failures"))["items"].Items.ToList();

        // Exactly the limit passes, and is then no picture.
        Assert.Equal(2, job["failedImages"].Number);
        Assert.Equal(["a/huge.jpg too-large", "a/whole.jpg corrupt"], failures.Select(f => $"{f["source"].Text} {f["code"].Text}").Order());
        Assert.Single(server.Running.Errors.All.Concat(server.Running.Out.All), line => line.Contains("too large: 600 MiB is over the limit of 500 MiB", StringComparison.Ordinal));
    }
}
