using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>Processes that only serve, or only work.</summary>
public sealed class NodeCommandTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task AServerWithoutWorkersLeavesJobsToOthers()
    {
        await using var scene = new Scene();
        scene.Library.AddMany("a", 2);
        await using (var server = await scene.ServeAsync("--no-workers", "--library", scene.Library.Root))
        {
            var jobs = await server.JobsAsync();
            Assert.NotEmpty(jobs);
            Assert.All(jobs, job => Assert.Equal("no-workers", Assert.Single(job["waits"].Items)["code"].Text));
            Assert.Equal(0, (await server.Api.GetAsync("status"))["workers"].Number);
        }
        await using var worker = await scene.ServeAsync();
        await worker.IdleAsync(Bound);
        Assert.Equal(2, (await worker.LibraryAsync())["ready"].Number);
    }

    [Fact]
    public async Task ANodeThatOnlyWorksNeedsADatabaseThatOthersShare()
    {
        await using var scene = new Scene();
        var ended = await scene.RunAsync("work", "--data", scene.Data);
        Assert.Equal(3, ended.ExitCode);
        Assert.Contains("Postgres:ConnectionString", Assert.Single(ended.Errors), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(scene.Data, "*.db*"));
    }
}
