using System.Net;
using System.Text.Json;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Server;

/// <summary>Starting one job, and controlling it.</summary>
public sealed class JobStartTests(JobServer server) : IClassFixture<JobServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Library => $"\"libraryId\": \"{server.Mine.Id}\"";

    [Theory]
    [InlineData("thumbnails", "", "thumbnail")]
    [InlineData("cache", "", "medium,display")]
    [InlineData("both", "", "thumbnail,medium,display")]
    [InlineData("derive", "", "thumbnail,display")]
    [InlineData("derive", ", \"presets\": [\"full\"]", "full")]
    public async Task The_type_says_what_is_made(string type, string more, string presets)
    {
        using var response = await JobServer.SendAsync(server.Manager, HttpMethod.Post, JobServer.Jobs, $"{{\"type\": \"{type}\", {Library}{more}}}");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var job = await Answers.JsonAsync(response);
        Assert.Equal($"{JobServer.Jobs}/{job.GetProperty("id").GetString()}", response.Headers.Location?.OriginalString);
        Assert.Equal(presets.Split(','), job.GetProperty("presets").EnumerateArray().Select(preset => preset.GetString()));
        Assert.Equal(("derive", "Pending", false), (job.GetProperty("type").GetString(), job.GetProperty("status").GetString(), job.GetProperty("force").GetBoolean()));
    }

    [Theory]
    [InlineData("", "scan", false, false)]
    [InlineData("?mode=changed", "scan", false, false)]
    [InlineData("?mode=overwrite", "scan", true, false)]
    [InlineData("?mode=incomplete", "derive", false, true)]
    public async Task A_scan_has_a_mode(string mode, string type, bool force, bool incomplete)
    {
        var job = await JobServer.PostAsync(server.Manager, $"/api/v1/libraries/{server.Mine.Id}/scan{mode}", "");
        Assert.Equal((type, force, incomplete), (job.GetProperty("type").GetString(), job.GetProperty("force").GetBoolean(), job.GetProperty("incomplete").GetBoolean()));
        Assert.Equal((force, incomplete), ((await server.JobAsync(IdOf(job))).Scope.Force, (await server.JobAsync(IdOf(job))).Scope.Incomplete));
    }

    [Fact]
    public async Task A_job_keeps_its_scope_its_force_and_its_priority()
    {
        var collection = (await RootAsync(server.Mine)).ToString();
        var job = await JobServer.PostAsync(server.Manager, JobServer.Jobs,
            $"{{\"type\": \"cache\", {Library}, \"collectionIds\": [\"{collection}\", \"{collection}\"], \"imageIds\": [], \"force\": true, \"priority\": \"low\"}}");
        var stored = await server.JobAsync(IdOf(job));
        Assert.Equal((true, BatchClass.Low), (stored.Scope.Force, stored.Class));
        Assert.Equal(collection, Assert.Single(stored.Scope.Collections!).ToString());
        Assert.Empty(stored.Scope.Images!);
    }

    [Fact]
    public async Task A_scan_over_nothing_is_over_at_once()
    {
        var job = await JobServer.PostAsync(server.Manager, JobServer.Jobs, $"{{\"type\": \"scan\", {Library}, \"collectionIds\": []}}");
        Assert.Equal("Completed", job.GetProperty("status").GetString());
        foreach (var count in new[] { "totalImages", "completedImages", "skippedImages", "failedImages", "cancelledImages" }) Assert.Equal(0, job.GetProperty(count).GetInt32());
    }

    [Fact]
    public async Task The_same_key_is_the_same_job_and_another_request_with_it_a_conflict()
    {
        var body = $"{{\"type\": \"thumbnails\", {Library}}}";
        var first = await JobServer.PostAsync(server.Manager, JobServer.Jobs, body, "the-key");
        var second = await JobServer.PostAsync(server.Manager, JobServer.Jobs, body, "the-key");
        Assert.Equal(IdOf(first), IdOf(second));
        Assert.NotEqual(IdOf(first), IdOf(await JobServer.PostAsync(server.Manager, JobServer.Jobs, body)));
        var other = $"{{\"type\": \"both\", {Library}}}";
        await Answers.IsProblemAsync(await JobServer.SendAsync(server.Manager, HttpMethod.Post, JobServer.Jobs, other, "the-key"), HttpStatusCode.Conflict, "conflict");
    }

    /// <summary>A key that was used in a library that the caller does not see tells nothing of the job there.</summary>
    [Fact]
    public async Task A_key_shows_no_job_of_a_library_that_is_not_granted()
    {
        await JobServer.PostAsync(server.Admin, JobServer.Jobs, $"{{\"type\": \"scan\", \"libraryId\": \"{server.Other.Id}\"}}", "hers");
        foreach (var path in new[] { JobServer.Jobs, $"/api/v1/libraries/{server.Mine.Id}/scan" })
        {
            var response = await JobServer.SendAsync(server.Manager, HttpMethod.Post, path, $"{{\"type\": \"scan\", {Library}}}", "hers");
            await Answers.IsProblemAsync(response, HttpStatusCode.Conflict, "conflict");
        }
    }

    [Theory]
    [InlineData("{}", 400)]
    [InlineData("{\"type\": \"thumbnails\"}", 400)]
    [InlineData("{\"type\": \"verify\", LIBRARY}", 400)]
    [InlineData("{\"type\": 1, LIBRARY}", 400)]
    [InlineData("{\"type\": \"derive\", LIBRARY, \"presets\": [\"enormous\"]}", 400)]
    [InlineData("{\"type\": \"derive\", LIBRARY, \"presets\": [null]}", 400)]
    [InlineData("{\"type\": \"derive\", LIBRARY, \"presets\": []}", 400)]
    [InlineData("{\"type\": \"derive\", LIBRARY, \"presets\": [\"full\", \"full\"]}", 400)]
    [InlineData("{\"type\": \"cache\", LIBRARY, \"presets\": [\"full\"]}", 400)]
    [InlineData("{\"type\": \"scan\", LIBRARY, \"imageIds\": [\"1\"]}", 400)]
    [InlineData("{\"type\": \"derive\", LIBRARY, \"imageIds\": [1]}", 400)]
    [InlineData("{\"type\": \"derive\", LIBRARY, \"imageIds\": [null]}", 400)]
    [InlineData("{\"type\": \"derive\", LIBRARY, \"priority\": \"urgent\"}", 400)]
    [InlineData("{\"type\": \"derive\", LIBRARY, \"imageIds\": [\"4711\"]}", 404)]
    [InlineData("{\"type\": \"derive\", LIBRARY, \"collectionIds\": [\"4711\"]}", 404)]
    [InlineData("{\"type\": \"derive\", LIBRARY, \"collectionIds\": [\"ELSEWHERE\"]}", 404)]
    [InlineData("{\"type\": \"derive\", \"libraryId\": \"4711\"}", 404)]
    [InlineData("{\"type\": \"derive\", \"libraryId\": \"OTHER\"}", 404)]
    public async Task What_cannot_be_started(string body, int status)
    {
        var text = body.Replace("LIBRARY", Library, StringComparison.Ordinal).Replace("OTHER", server.Other.Id.ToString(), StringComparison.Ordinal)
            .Replace("ELSEWHERE", (await RootAsync(server.Other)).ToString(), StringComparison.Ordinal);
        var response = await JobServer.SendAsync(server.Manager, HttpMethod.Post, JobServer.Jobs, text);
        await Answers.IsProblemAsync(response, (HttpStatusCode)status, status == 400 ? "bad-request" : "not-found");
    }

    [Fact]
    public async Task More_than_ten_thousand_images_are_refused_with_the_limit()
    {
        var ids = string.Join(',', Enumerable.Range(1, 10_001).Select(id => $"\"{id}\""));
        var response = await JobServer.SendAsync(server.Manager, HttpMethod.Post, JobServer.Jobs, $"{{\"type\": \"derive\", {Library}, \"imageIds\": [{ids}]}}");
        await Answers.IsProblemAsync(response, HttpStatusCode.BadRequest, "bad-request");
        Assert.Contains("10000", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_priority_is_changed_while_the_job_is_open()
    {
        var job = await server.AddJobAsync(server.Mine);
        foreach (var priority in new[] { "high", "high", "low" })
        {
            var changed = await JobServer.PostAsync(server.Manager, $"{JobServer.Jobs}/{job.Id}/priority", $"{{\"priority\": \"{priority}\"}}");
            Assert.Equal(priority, changed.GetProperty("priority").GetString());
        }
        Assert.Equal(BatchClass.Low, (await server.JobAsync(job.Id)).Class);
        await JobServer.PostAsync(server.Manager, $"{JobServer.Jobs}/{job.Id}/cancel");
        await RefusedAsync($"{job.Id}/priority", HttpStatusCode.Conflict, "conflict", "{\"priority\": \"low\"}");
        await RefusedAsync("4711/priority", HttpStatusCode.NotFound, "not-found", "{\"priority\": \"low\"}");
        await RefusedAsync($"{job.Id}/priority", HttpStatusCode.BadRequest, "bad-request", "{\"priority\": \"viewing\"}");
    }

    /// <summary>R151.</summary>
    [Fact]
    public async Task Only_a_job_that_somebody_paused_is_resumed()
    {
        var job = await server.AddJobAsync(server.Mine);
        await RefusedAsync($"{job.Id}/resume", HttpStatusCode.Conflict, "conflict");
        Assert.Equal("Paused", (await JobServer.PostAsync(server.Manager, $"{JobServer.Jobs}/{job.Id}/pause")).GetProperty("status").GetString());
        await RefusedAsync($"{job.Id}/pause", HttpStatusCode.Conflict, "conflict");
        Assert.Equal("Pending", (await JobServer.PostAsync(server.Manager, $"{JobServer.Jobs}/{job.Id}/resume")).GetProperty("status").GetString());
        await JobServer.PostAsync(server.Manager, $"{JobServer.Jobs}/{job.Id}/cancel");
        foreach (var command in new[] { "resume", "pause", "cancel" })
        {
            await RefusedAsync($"{job.Id}/{command}", HttpStatusCode.Conflict, "conflict");
            await RefusedAsync($"4711/{command}", HttpStatusCode.NotFound, "not-found");
        }
    }

    private async Task RefusedAsync(string path, HttpStatusCode status, string code, string? body = null) =>
        await Answers.IsProblemAsync(await JobServer.SendAsync(server.Manager, HttpMethod.Post, $"{JobServer.Jobs}/{path}", body), status, code);

    /// <summary>The collection of a library's root: there from the beginning.</summary>
    private async Task<CollectionId> RootAsync(Library library)
    {
        var owners = await server.Store.OwnersAsync([.. Enumerable.Range(1, 10).Select(id => new CollectionId(id))], [], Cancellation);
        return owners.Collections.Single(owned => owned.Value == library.Id).Key;
    }

    private static JobId IdOf(JsonElement job) => new(long.Parse(job.GetProperty("id").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
}
