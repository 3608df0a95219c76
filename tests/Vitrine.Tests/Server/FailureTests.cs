using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.Alerts;
using Vitrine.Core.Jobs;

namespace Vitrine.Tests.Server;

/// <summary>The failure inbox, dead batches and alerts over the API.</summary>
public sealed class FailureTests : IAsyncLifetime
{
    private const string Cache = "/api/v1/cache";
    private readonly SeededServer _server = new();

    private IBatchStore Batches => _server.Services.GetRequiredService<IBatchStore>();
    private ILedger Ledger => _server.Services.GetRequiredService<ILedger>();
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        await FailAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task What_stands_is_counted_listed_and_exported_to_those_who_may_see_it()
    {
        var group = Assert.Single(await ItemsAsync(_server.Admin, "failures/groups"));
        Assert.Equal(("corrupt", "derive", "v1", 1), (Text(group, "code"), Text(group, "type"), Text(group, "decoder"), group.GetProperty("count").GetInt32()));
        Assert.Equal(Reason.Of(Reason.Corrupt).Meaning, Text(group, "meaning"));
        var failure = Assert.Single(await ItemsAsync(_server.Admin, "failures?reason=corrupt&type=derive&decoder=v1"));
        Assert.Equal((_server.Image.ToString(), SeededServer.Name, "v1", false),
            (Text(failure, "item"), Text(failure, "source"), Text(failure, "decoderVersion"), failure.GetProperty("ignored").GetBoolean()));
        Assert.Empty(await ItemsAsync(_server.Admin, "failures?reason=timeout"));
        Assert.Empty(await ItemsAsync(_server.Admin, "failures?type=scan"));
        Assert.Empty(await ItemsAsync(_server.Admin, "failures?collection=4711"));

        var csv = await _server.Admin.GetAsync($"{Cache}/failures.csv", Cancellation);
        Assert.Equal(("text/csv", "failures.csv"), (csv.Content.Headers.ContentType?.MediaType, csv.Content.Headers.ContentDisposition?.FileName));
        var lines = (await csv.Content.ReadAsStringAsync(Cancellation)).Split("\r\n");
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("libraryId,type,item,source,", lines[0], StringComparison.Ordinal);
        Assert.Contains($",derive,{_server.Image},\"ä \"\"one\"\".jpg\",failed,corrupt,", lines[1], StringComparison.Ordinal);

        foreach (var path in new[] { "failures/groups", "failures", "dead-batches" }) Assert.Empty(await ItemsAsync(_server.Viewer, path));
        Assert.Equal(lines[0] + "\r\n", await _server.Viewer.GetStringAsync($"{Cache}/failures.csv", Cancellation));
    }

    [Fact]
    public async Task A_retry_is_a_new_job_and_one_for_one_key()
    {
        Assert.Empty(Items(await Answers.JsonAsync(await PostAsync("failures/retry", "{\"reasons\": [\"timeout\"]}"))));
        var first = await PostAsync("failures/retry", "{\"reasons\": [\"corrupt\"]}", "key");
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        var job = Assert.Single(Items(await Answers.JsonAsync(first)));
        Assert.Equal(("derive", "Pending", _server.Library.Id.ToString()), (Text(job, "type"), Text(job, "status"), Text(job, "libraryId")));
        var second = Assert.Single(Items(await Answers.JsonAsync(await PostAsync("failures/retry", "{\"reasons\": [\"corrupt\"]}", "key"))));
        Assert.Equal(Text(job, "id"), Text(second, "id"));
        var third = Assert.Single(Items(await Answers.JsonAsync(await PostAsync("failures/retry", $"{{\"image\": \"{_server.Image}\"}}"))));
        Assert.NotEqual(Text(job, "id"), Text(third, "id"));
        await Answers.IsProblemAsync(await PostAsync("failures/retry", "{}", new string('k', 101)), HttpStatusCode.BadRequest, "bad-request");
    }

    [Fact]
    public async Task What_is_ignored_leaves_the_list_until_it_is_restored()
    {
        Assert.Equal(1, await CountAsync("failures/ignore", "{}"));
        Assert.Equal(0, await CountAsync("failures/ignore", "{}"));
        Assert.Empty(await ItemsAsync(_server.Admin, "failures"));
        Assert.Single(await ItemsAsync(_server.Admin, "failures?ignored=true"));
        Assert.True(Assert.Single(await ItemsAsync(_server.Admin, "failures/groups")).GetProperty("ignored").GetBoolean());
        Assert.Empty(Items(await Answers.JsonAsync(await PostAsync("failures/retry", "{}"))));
        Assert.Single(Items(await Answers.JsonAsync(await PostAsync("failures/retry", "{\"ignored\": true}"))));
        Assert.Single(Items(await Answers.JsonAsync(await PostAsync("failures/retry", $"{{\"image\": \"{_server.Image}\"}}"))));
        Assert.Equal(1, await CountAsync("failures/restore", "{\"reasons\": [\"corrupt\"]}"));
        Assert.Single(await ItemsAsync(_server.Admin, "failures"));
    }

    [Fact]
    public async Task A_job_is_tried_again_once_it_is_over()
    {
        await Answers.IsProblemAsync(await PostAsync("processing-jobs/4711/retry", ""), HttpStatusCode.NotFound, "not-found");
        var job = Text(Items(await Answers.JsonAsync(await PostAsync("failures/retry", "{}")))[0], "id");
        await Answers.IsProblemAsync(await PostAsync($"processing-jobs/{job}/retry", ""), HttpStatusCode.Conflict, "conflict");
        await Answers.JsonAsync(await PostAsync($"processing-jobs/{job}/cancel", ""));
        var answer = await PostAsync($"processing-jobs/{job}/retry", "", "again");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var again = await Answers.JsonAsync(answer);
        Assert.Equal(job, Text(again, "parentId"));
        Assert.Equal(Text(again, "id"), Text(await Answers.JsonAsync(await PostAsync($"processing-jobs/{job}/retry", "", "again")), "id"));
    }

    [Fact]
    public async Task A_dead_batch_is_tried_again_or_dropped()
    {
        await _server.DieAsync();
        await _server.DieAsync();
        var dead = await ItemsAsync(_server.Admin, "dead-batches");
        Assert.Equal([(1, 1), (1, 1)], dead.Select(d => (d.GetProperty("deaths").GetInt32(), d.GetProperty("items").GetInt32())));
        var answer = await PostAsync($"dead-batches/{Text(dead[0], "id")}/retry", "");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(Text(dead[0], "jobId"), Text(await Answers.JsonAsync(answer), "parentId"));
        await Answers.IsProblemAsync(await PostAsync($"dead-batches/{Text(dead[0], "id")}/retry", ""), HttpStatusCode.NotFound, "not-found");

        Assert.Equal(HttpStatusCode.NoContent, (await _server.Admin.DeleteAsync($"{Cache}/dead-batches/{Text(dead[1], "id")}", Cancellation)).StatusCode);
        await Answers.IsProblemAsync(await _server.Admin.DeleteAsync($"{Cache}/dead-batches/{Text(dead[1], "id")}", Cancellation), HttpStatusCode.NotFound, "not-found");
        Assert.Empty(await ItemsAsync(_server.Admin, "dead-batches"));
        Assert.Equal("dead-letter", Text(Assert.Single(await ItemsAsync(_server.Admin, "failures/groups")), "code"));
    }

    [Fact]
    public async Task Alerts_are_open_until_they_are_dismissed()
    {
        await _server.Services.GetRequiredService<IAlertStore>().RaiseAsync(new("fire", "house/1", AlertSeverity.Error, "It burns."), Cancellation);
        var alert = Assert.Single(await FiresAsync("?open=true"));
        Assert.Equal(("fire", "house/1", "error", "It burns.", true),
            (Text(alert, "code"), Text(alert, "subject"), Text(alert, "severity"), Text(alert, "message"), alert.GetProperty("open").GetBoolean()));
        Assert.Equal(HttpStatusCode.NoContent, (await _server.Admin.PostAsync($"/api/v1/alerts/{Text(alert, "id")}/dismiss", null, Cancellation)).StatusCode);
        Assert.Empty(await FiresAsync("?open=true"));
        Assert.False(Assert.Single(await FiresAsync("")).GetProperty("open").GetBoolean());
        await Answers.IsProblemAsync(await _server.Admin.PostAsync("/api/v1/alerts/4711/dismiss", null, Cancellation), HttpStatusCode.NotFound, "not-found");
        await Answers.IsProblemAsync(await _server.Viewer.GetAsync("/api/v1/alerts", Cancellation), HttpStatusCode.Forbidden, "forbidden");
        await Answers.IsProblemAsync(await _server.Admin.GetAsync("/api/v1/alerts?cursor=nonsense", Cancellation), HttpStatusCode.BadRequest, "bad-cursor");
    }

    /// <summary>Beside them stands that the image, which could be read once, cannot be any more.</summary>
    private async Task<IReadOnlyList<JsonElement>> FiresAsync(string query) =>
        [.. Items(await Answers.JsonAsync(await _server.Admin.GetAsync($"/api/v1/alerts{query}", Cancellation))).Where(alert => Text(alert, "code") == "fire")];

    /// <summary>The one image fails, on demand.</summary>
    private async Task FailAsync()
    {
        await Batches.AddAsync(new BatchAddition.OnDemand(_server.Image, ["full"]), Cancellation);
        var lease = (await Batches.LeaseAsync(new("test"), Cancellation))!;
        var failed = new ItemResult(_server.Image.Value, Outcome.Failed, Reason.Corrupt, VersionRead: lease.Items[0].Version, DecoderVersion: "v1");
        await Ledger.CommitAsync(lease, [failed], Cancellation);
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Cache}/{path}") { Content = Answers.Body(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await _server.Admin.SendAsync(request, Cancellation);
    }

    private async Task<int> CountAsync(string path, string body) => (await Answers.JsonAsync(await PostAsync(path, body))).GetProperty("count").GetInt32();

    private static async Task<List<JsonElement>> ItemsAsync(HttpClient client, string path) =>
        Items(await Answers.JsonAsync(await client.GetAsync($"{Cache}/{path}", Cancellation)));

    private static List<JsonElement> Items(JsonElement page) => [.. page.GetProperty("items").EnumerateArray()];

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
