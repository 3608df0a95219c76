using System.Net;
using System.Text.Json;
using Vitrine.Core.Users;

namespace Vitrine.Tests.Server;

/// <summary>Schedules over the API: who sees them, what is refused, and that a change leaves what it does not name.</summary>
public sealed class ScheduleTests : IAsyncLifetime
{
    private const string Route = "/api/v1/cache/schedules";
    private readonly SeededServer _server = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_schedule_is_added_changed_and_removed()
    {
        var added = await AddAsync($$"""{"kind": "scan", "libraryId": "{{_server.Library.Id}}", "cron": "30 3 * * *", "timeZone": "Europe/Berlin"}""");
        Assert.Equal(("scan", "30 3 * * *", "Europe/Berlin", true), (Text(added, "kind"), Text(added, "cron"), Text(added, "timeZone"), added.GetProperty("enabled").GetBoolean()));
        Assert.Equal(_server.Library.Id.ToString(), Text(added, "libraryId"));
        Assert.Equal(JsonValueKind.Null, added.GetProperty("lastRun").ValueKind);
        var next = added.GetProperty("nextAt").GetDateTimeOffset();
        Assert.Equal((0, 30), (next.Second, next.Minute));

        var place = $"{Route}/{Text(added, "id")}";
        var disabled = await Answers.JsonAsync(await _server.Admin.PatchAsync(place, Answers.Body("""{"enabled": false}"""), Cancellation));
        Assert.Equal(("30 3 * * *", "Europe/Berlin", JsonValueKind.Null), (Text(disabled, "cron"), Text(disabled, "timeZone"), disabled.GetProperty("nextAt").ValueKind));
        var enabled = await Answers.JsonAsync(await _server.Admin.PatchAsync(place, Answers.Body("""{"cron": "0 * * * *", "enabled": true}"""), Cancellation));
        Assert.Equal(("changed", "changed"), (Text(added, "mode"), Text(enabled, "mode")));
        Assert.Equal("overwrite", Text(await Answers.JsonAsync(await _server.Admin.PatchAsync(place, Answers.Body("""{"mode": "overwrite"}"""), Cancellation)), "mode"));
        Assert.Equal(("0 * * * *", "Europe/Berlin", JsonValueKind.String), (Text(enabled, "cron"), Text(enabled, "timeZone"), enabled.GetProperty("nextAt").ValueKind));

        Assert.Equal(HttpStatusCode.NoContent, (await _server.Admin.DeleteAsync(place, Cancellation)).StatusCode);
        await Answers.IsProblemAsync(await _server.Admin.DeleteAsync(place, Cancellation), HttpStatusCode.NotFound, "not-found");
        await Answers.IsProblemAsync(await _server.Admin.PatchAsync(place, Answers.Body("{}"), Cancellation), HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData("""{"cron": "never"}""", "bad-cron")]
    [InlineData("""{"timeZone": "Europe/Atlantis"}""", "unknown-time-zone")]
    public async Task A_change_that_cannot_be_kept_changes_nothing(string body, string code)
    {
        var added = await AddAsync("""{"kind": "verify", "cron": "0 3 * * *", "timeZone": "UTC"}""");
        await Answers.IsProblemAsync(await _server.Admin.PatchAsync($"{Route}/{Text(added, "id")}", Answers.Body(body), Cancellation), HttpStatusCode.BadRequest, code);
        Assert.Equal(added.ToString(), Assert.Single(await ListAsync(_server.Admin)).ToString());
    }

    [Fact]
    public async Task Everybody_sees_what_concerns_them()
    {
        var manager = await _server.SignInAsync("carl", Role.CacheManager);
        var scan = await AddAsync($$"""{"kind": "scan", "libraryId": "{{_server.Library.Id}}", "cron": "0 3 * * *"}""");
        var verify = await AddAsync("""{"kind": "verify", "cron": "0 4 * * *"}""");
        Assert.Equal([Text(scan, "id"), Text(verify, "id")], (await ListAsync(_server.Admin)).Select(one => Text(one, "id")));
        Assert.Empty(await ListAsync(_server.Viewer));

        // This one manages, and has no library.
        Assert.Equal([Text(verify, "id")], (await ListAsync(manager)).Select(one => Text(one, "id")));
        await Answers.IsProblemAsync(await manager.DeleteAsync($"{Route}/{Text(scan, "id")}", Cancellation), HttpStatusCode.NotFound, "not-found");
        var named = Answers.Body($$"""{"kind": "scan", "libraryId": "{{_server.Library.Id}}", "cron": "0 3 * * *"}""");
        await Answers.IsProblemAsync(await manager.PostAsync(Route, named, Cancellation), HttpStatusCode.BadRequest, "unknown-library");
        Assert.Equal(HttpStatusCode.NoContent, (await manager.DeleteAsync($"{Route}/{Text(verify, "id")}", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Watching_is_a_setting_of_the_library_and_off_at_first()
    {
        var place = $"/api/v1/libraries/{_server.Library.Id}";
        Assert.False((await Answers.JsonAsync(await _server.Admin.GetAsync(place, Cancellation))).GetProperty("watch").GetBoolean());
        await Answers.JsonAsync(await _server.Admin.PatchAsync(place, Answers.Body("""{"watch": true}"""), Cancellation));
        var named = await Answers.JsonAsync(await _server.Admin.PatchAsync(place, Answers.Body("""{"name": "other"}"""), Cancellation));
        Assert.True(named.GetProperty("watch").GetBoolean());
        Assert.Equal(JsonValueKind.Null, named.GetProperty("watched").ValueKind); // This server works on nothing.
    }

    private async Task<JsonElement> AddAsync(string body)
    {
        var response = await _server.Admin.PostAsync(Route, Answers.Body(body), Cancellation);
        var added = await Answers.JsonAsync(response);
        Assert.Equal((HttpStatusCode.Created, $"{Route}/{Text(added, "id")}"), (response.StatusCode, response.Headers.Location?.ToString()));
        return added;
    }

    private static async Task<IReadOnlyList<JsonElement>> ListAsync(HttpClient client) =>
        [.. (await Answers.JsonAsync(await client.GetAsync(Route, Cancellation))).GetProperty("items").EnumerateArray()];

    private static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();
}
