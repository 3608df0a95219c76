using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.Jobs;

namespace Vitrine.Tests.Server;

/// <summary>Lists of jobs, one job, and who sees which.</summary>
public sealed class JobReadingTests(JobServer server) : IClassFixture<JobServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("derive", "thumbnails", "cache", "both")]
    [InlineData("thumbnails", "thumbnails")]
    [InlineData("cache", "cache")]
    [InlineData("both", "both")]
    public async Task Derive_jobs_are_shown_and_found_by_what_they_make(string type, params string[] kinds)
    {
        foreach (var presets in new string[][] { ["thumbnail"], ["medium", "full"], ["thumbnail", "display"] }) await server.AddJobAsync(server.Mine, presets);
        var items = (await JobServer.GetAsync(server.Viewer, $"{JobServer.Jobs}?type={type}")).GetProperty("items").EnumerateArray().ToList();
        Assert.All(items, job => Assert.Equal("derive", job.GetProperty("type").GetString()));
        Assert.Equal(kinds.Order(), items.Select(job => job.GetProperty("kind").GetString()).Distinct().Order());
    }

    [Fact]
    public async Task A_scan_has_no_kind()
    {
        var scan = (await JobServer.GetAsync(server.Viewer, $"{JobServer.Jobs}?type=scan")).GetProperty("items")[0];
        Assert.Equal(("scan", JsonValueKind.Null), (scan.GetProperty("type").GetString(), scan.GetProperty("kind").ValueKind));
    }

    [Fact]
    public async Task A_held_job_is_found_as_paused_and_as_resumable_and_nowhere_else()
    {
        var (free, held, offline) = (await server.AddJobAsync(server.Mine), await server.AddJobAsync(server.Mine), await server.AddJobAsync(server.Mine));
        await HoldAsync(held, Holds.User);
        await HoldAsync(offline, Holds.Root);
        Assert.Equal([offline.Id, held.Id], await IdsAsync("?status=paused", free, held, offline));
        Assert.Equal([free.Id], await IdsAsync("?status=Pending", free, held, offline));
        Assert.Equal([held.Id], await IdsAsync("/resumable", free, held, offline));
        Assert.Equal([offline.Id, held.Id, free.Id], await IdsAsync("?open=true&limit=200", free, held, offline));
    }

    [Fact]
    public async Task A_job_says_why_it_waits_and_how_its_presets_are_made()
    {
        var job = await server.AddJobAsync(server.Mine, "thumbnail", "full");
        await HoldAsync(job, Holds.User | Holds.Folder);
        var shown = await JobServer.GetAsync(server.Viewer, $"{JobServer.Jobs}/{job.Id}");
        Assert.Equal("""[{"code":"paused","until":null},{"code":"folder","until":null}]""", shown.GetProperty("waits").GetRawText());
        Assert.Equal(
            """[{"name":"thumbnail","maxEdge":320,"format":"webp","quality":80,"keepFrames":false},{"name":"full","maxEdge":null,"format":"jpeg","quality":90,"keepFrames":true}]""",
            shown.GetProperty("recipes").GetRawText());
        Assert.Equal("normal", shown.GetProperty("priority").GetString());
        Assert.False(shown.TryGetProperty("details", out _), "Details were not asked for.");

        await server.Store.ControlAsync(job.Id, new JobCommand.Lift(Holds.Any), Cancellation);
        shown = await JobServer.GetAsync(server.Viewer, $"{JobServer.Jobs}/{job.Id}");
        Assert.Equal("no-workers", shown.GetProperty("waits")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task Details_are_counted_when_they_are_asked_for()
    {
        var job = await server.AddScopeAsync(new(server.Mine.Id, ["thumbnail"], [new(1)], [new(7), new(8)]));
        var details = (await JobServer.GetAsync(server.Viewer, $"{JobServer.Jobs}/{job.Id}?includeDetails=true")).GetProperty("details");
        Assert.Equal(
            """{"batches":{"ready":0,"offered":0,"leased":0,"done":0,"dead":0},"deadBatches":0,"retryImages":0,"retryAt":null,"collectionIds":["1"],"imageIds":["7","8"]}""",
            details.GetRawText());
    }

    [Fact]
    public async Task What_is_not_granted_is_in_no_list_and_is_not_found()
    {
        var other = await server.AddJobAsync(server.Other);
        await HoldAsync(other, Holds.User);
        foreach (var path in new[] { "", "?open=true", "/resumable", $"?library={server.Other.Id}" })
        {
            var items = (await JobServer.GetAsync(server.Manager, JobServer.Jobs + path)).GetProperty("items").EnumerateArray();
            Assert.DoesNotContain(items, job => job.GetProperty("libraryId").GetString() == server.Other.Id.ToString());
        }
        foreach (var path in new[] { "", "?includeDetails=true", "/failures" })
            await Answers.IsProblemAsync(await server.Manager.GetAsync($"{JobServer.Jobs}/{other.Id}{path}", Cancellation), HttpStatusCode.NotFound, "not-found");
        foreach (var path in new[] { "pause", "resume", "cancel" })
            await Answers.IsProblemAsync(await JobServer.SendAsync(server.Manager, HttpMethod.Post, $"{JobServer.Jobs}/{other.Id}/{path}"), HttpStatusCode.NotFound, "not-found");
        Assert.Equal(Holds.User, (await server.JobAsync(other.Id)).Holds);
    }

    [Theory]
    [InlineData("?type=verify")]
    [InlineData("?type=1")]
    [InlineData("?status=Waiting")]
    [InlineData("/1?includeDetails=maybe")]
    [InlineData("/stale?timeoutMinutes=0")]
    [InlineData("/stale?timeoutMinutes=-5")]
    [InlineData("/stale?timeoutMinutes=10081")]
    [InlineData("/stale?timeoutMinutes=99999999999999999999")]
    [InlineData("/resumable?limit=0")]
    public async Task Bad_input(string path) =>
        await Answers.IsProblemAsync(await server.Viewer.GetAsync(JobServer.Jobs + path, Cancellation), HttpStatusCode.BadRequest, "bad-request");

    [Fact]
    public async Task The_stream_begins_with_the_present_state_and_goes_on_with_what_changes()
    {
        var (mine, other) = (await server.AddJobAsync(server.Mine), await server.AddJobAsync(server.Other));
        using var request = new HttpRequestMessage(HttpMethod.Get, JobServer.Jobs + "/stream") { Headers = { { "Last-Event-ID", "999999" } } };
        using var response = await server.Viewer.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        var present = await NextAsync(lines);
        Assert.Contains(present, job => job.GetProperty("id").GetString() == mine.Id.ToString());
        Assert.DoesNotContain(present, job => job.GetProperty("libraryId").GetString() == server.Other.Id.ToString());

        await HoldAsync(other, Holds.User);
        await HoldAsync(mine, Holds.User);
        var changed = Assert.Single(await NextAsync(lines));
        Assert.Equal((mine.Id.ToString(), "Paused"), (changed.GetProperty("id").GetString(), changed.GetProperty("status").GetString()));
    }

    private static async Task<List<JsonElement>> NextAsync(StreamReader lines)
    {
        while (await lines.ReadLineAsync(Cancellation) is { } line)
        {
            if (line != "event: jobs") continue;
            var data = (await lines.ReadLineAsync(Cancellation))!;
            return [.. JsonDocument.Parse(data["data: ".Length..]).RootElement.EnumerateArray()];
        }
        throw new InvalidOperationException("The stream ended.");
    }

    private Task<bool> HoldAsync(Job job, Holds cause) =>
        server.Services.GetRequiredService<IJobStore>().ControlAsync(job.Id, new JobCommand.Hold(cause), Cancellation);

    /// <summary>Of these jobs, the ones that a list has.</summary>
    private async Task<IEnumerable<JobId>> IdsAsync(string path, params Job[] of)
    {
        var items = (await JobServer.GetAsync(server.Viewer, JobServer.Jobs + path)).GetProperty("items").EnumerateArray();
        return items.Select(job => new JobId(long.Parse(job.GetProperty("id").GetString()!, System.Globalization.CultureInfo.InvariantCulture))).Where(id => of.Any(job => job.Id == id));
    }
}
