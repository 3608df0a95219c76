using System.Net;
using System.Text.Json;
using Vitrine.Core.Jobs;

namespace Vitrine.Tests.Server;

/// <summary>Recovery, clean-up and bulk operations: whoever asks works on the libraries that are granted, and on nothing else.</summary>
public sealed class JobRecoveryTests(JobServer server) : IClassFixture<JobServer>
{
    private const string Bulk = "/api/v1/cache/bulk/operations";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_clean_up_removes_what_ended_before_so_many_days_in_the_libraries_that_are_granted()
    {
        var (mine, other, open) = (await CancelledAsync(server.AddJobAsync(server.Mine)), await CancelledAsync(server.AddJobAsync(server.Other)), await server.AddJobAsync(server.Mine));
        Assert.Equal(0, await CleanUpAsync(server.Manager, ""));
        Assert.NotNull(await server.Store.GetAsync(mine.Id, Cancellation));
        // The clock is the machine's: what ended in this very millisecond is not older than that.
        while (await server.Store.GetAsync(mine.Id, Cancellation) is not null) await CleanUpAsync(server.Manager, "?olderThanDays=0");
        Assert.NotNull(await server.Store.GetAsync(other.Id, Cancellation));
        Assert.NotNull(await server.Store.GetAsync(open.Id, Cancellation));
    }

    [Theory]
    [InlineData("DELETE", "cleanup?olderThanDays=-1")]
    [InlineData("DELETE", "cleanup?olderThanDays=36501")]
    [InlineData("DELETE", "cleanup?olderThanDays=soon")]
    [InlineData("POST", "recover-stale?timeoutMinutes=0")]
    [InlineData("POST", "recover-stale?timeoutMinutes=-1")]
    [InlineData("POST", "recover-stale?timeoutMinutes=10081")]
    public async Task Bad_input(string method, string path)
    {
        var response = await JobServer.SendAsync(server.Manager, new(method), $"{JobServer.Jobs}/{path}");
        await Answers.IsProblemAsync(response, HttpStatusCode.BadRequest, "bad-request");
    }

    [Fact]
    public async Task Recovery_answers_its_numbers_and_a_look_changes_nothing()
    {
        Assert.Equal("""{"recovered":0}""", (await JobServer.PostAsync(server.Manager, JobServer.Jobs + "/recover")).GetRawText());
        Assert.Equal("""{"recovered":0,"failed":0}""", (await JobServer.PostAsync(server.Manager, JobServer.Jobs + "/recover-stale?timeoutMinutes=5")).GetRawText());
        Assert.Equal("""{"timeoutMinutes":30,"count":0,"jobs":[]}""", (await JobServer.GetAsync(server.Viewer, JobServer.Jobs + "/stale")).GetRawText());
    }

    [Fact]
    public async Task A_bulk_start_is_one_job_for_each_library_touched()
    {
        var owners = await server.Store.OwnersAsync([new(1), new(2)], [], Cancellation);
        var collections = string.Join(',', owners.Collections.Keys.Select(id => $"\"{id}\"").Append("\"4711\""));
        var body = $"{{\"operation\": \"cache\", \"collectionIds\": [{collections}], \"libraryIds\": [\"4712\"], \"priority\": \"high\"}}";
        var results = await ResultsAsync(server.Admin, body, "bulk-key");
        Assert.Equal([server.Mine.Id.ToString(), server.Other.Id.ToString()], Jobs(results).Select(job => job.GetProperty("libraryId").GetString()!).Order());
        Assert.All(Jobs(results), job => Assert.Equal(("cache", "high"), (job.GetProperty("kind").GetString(), job.GetProperty("priority").GetString())));
        Assert.Equal(["4711", "4712"], results.Where(IsMissing).Select(NameOf).Order());

        Assert.Equal(Jobs(results).Select(IdOf), Jobs(await ResultsAsync(server.Admin, body, "bulk-key")).Select(IdOf));
        var seen = await ResultsAsync(server.Manager, body);
        Assert.Equal(server.Mine.Id.ToString(), Assert.Single(Jobs(seen)).GetProperty("libraryId").GetString());
        Assert.Equal(3, seen.Count(IsMissing));
    }

    [Fact]
    public async Task A_bulk_command_says_how_each_job_ended_and_is_the_same_when_it_is_asked_again()
    {
        var (mine, over, other) = (await server.AddJobAsync(server.Mine), await CancelledAsync(server.AddJobAsync(server.Mine)), await server.AddJobAsync(server.Other));
        var ids = string.Join(',', new[] { mine, over, other }.Select(job => $"\"{job.Id}\""));
        for (var i = 0; i < 2; i++)
        {
            var results = await ResultsAsync(server.Manager, $"{{\"operation\": \"pause\", \"jobIds\": [{ids}]}}");
            Assert.Equal([null, "conflict", "not-found"], results.Select(result => result.GetProperty("code").GetString()));
            Assert.Equal("Paused", results[0].GetProperty("job").GetProperty("status").GetString());
        }
        Assert.Equal(Holds.None, (await server.JobAsync(other.Id)).Holds);
        Assert.Equal("Pending", Jobs(await ResultsAsync(server.Manager, $"{{\"operation\": \"resume\", \"jobIds\": [\"{mine.Id}\"]}}")).Single().GetProperty("status").GetString());
        Assert.Equal("Cancelled", Jobs(await ResultsAsync(server.Manager, $"{{\"operation\": \"cancel\", \"jobIds\": [\"{mine.Id}\"]}}")).Single().GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"operation\": \"retry\"}")]
    [InlineData("{\"operation\": \"pause\"}")]
    [InlineData("{\"operation\": \"pause\", \"libraryIds\": [\"1\"]}")]
    [InlineData("{\"operation\": \"pause\", \"jobIds\": [\"1\"], \"libraryIds\": [\"1\"]}")]
    [InlineData("{\"operation\": \"scan\"}")]
    [InlineData("{\"operation\": \"scan\", \"jobIds\": [\"1\"]}")]
    [InlineData("{\"operation\": \"scan\", \"libraryIds\": [\"1\"], \"presets\": [\"enormous\"]}")]
    [InlineData("{\"operation\": \"both\", \"libraryIds\": [\"1\"], \"presets\": [\"full\"]}")]
    public async Task A_bad_bulk_request(string body) =>
        await Answers.IsProblemAsync(await JobServer.SendAsync(server.Manager, HttpMethod.Post, Bulk, body), HttpStatusCode.BadRequest, "bad-request");

    [Fact]
    public async Task A_bulk_request_has_limits()
    {
        var ids = string.Join(',', Enumerable.Range(1, 1001).Select(id => $"\"{id}\""));
        foreach (var body in new[] { $"{{\"operation\": \"pause\", \"jobIds\": [{ids}]}}", $"{{\"operation\": \"scan\", \"libraryIds\": [{ids}]}}" })
            await Answers.IsProblemAsync(await JobServer.SendAsync(server.Manager, HttpMethod.Post, Bulk, body), HttpStatusCode.BadRequest, "bad-request");
    }

    private async Task<Job> CancelledAsync(Task<Job> adding)
    {
        var job = await adding;
        Assert.True(await server.Store.ControlAsync(job.Id, new JobCommand.Cancel(), Cancellation));
        return job;
    }

    private static async Task<int> CleanUpAsync(HttpClient client, string query) =>
        (await Answers.JsonAsync(await client.DeleteAsync($"{JobServer.Jobs}/cleanup{query}", Cancellation))).GetProperty("removedJobs").GetInt32();

    private static async Task<List<JsonElement>> ResultsAsync(HttpClient client, string body, string? key = null) =>
        [.. (await JobServer.PostAsync(client, Bulk, body, key)).GetProperty("results").EnumerateArray()];

    private static IEnumerable<JsonElement> Jobs(List<JsonElement> results) =>
        results.Select(result => result.GetProperty("job")).Where(job => job.ValueKind == JsonValueKind.Object);

    private static bool IsMissing(JsonElement result) => result.GetProperty("code").GetString() == "not-found";

    private static string NameOf(JsonElement result) => result.GetProperty("collectionId").GetString() ?? result.GetProperty("libraryId").GetString()!;

    private static string IdOf(JsonElement job) => job.GetProperty("id").GetString()!;
}
