using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.Jobs;

namespace Vitrine.Tests.Server;

/// <summary>The engine's settings over the API.</summary>
public sealed class EngineTests : IAsyncLifetime
{
    private const string Route = "/api/v1/cache/engine";
    private readonly TestServer _server = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var data = Directory.CreateDirectory(Path.Combine(_server.Folder, "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "vitrine.json"), """{"Engine": {"Workers": 3, "WorkWindows": "mon-fri 22:00-06:00; sat,sun 00:00-24:00"}}""", Cancellation);
        await _server.InitializeAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Each_value_has_its_source_and_a_reset_goes_back_to_it()
    {
        var engine = await GetAsync();
        Assert.Equal(("3", "file"), Setting(engine, "workers"));
        Assert.Equal(("10", "default"), Setting(engine, "nice"));
        Assert.Equal(("""["mon-fri 22:00-06:00","sat,sun 00:00-24:00"]""", "file"), Setting(engine, "windows"));

        engine = await PatchAsync("""{"workers": 5, "windows": []}""");
        Assert.Equal(("5", "database"), Setting(engine, "workers"));
        Assert.Equal(("[]", "database"), Setting(engine, "windows"));
        engine = await PatchAsync("""{"yieldWhileViewing": true, "reset": ["windows"]}""");
        Assert.Equal(("5", "database"), Setting(engine, "workers"));
        Assert.Equal("file", Setting(engine, "windows").Source);
        Assert.Equal(("true", "database"), Setting(engine, "yieldWhileViewing"));
        Assert.Equal(5, _server.Services.GetRequiredService<LiveOptions>().Current.WorkerCount);
        Assert.Equal(engine.ToString(), (await GetAsync()).ToString());
    }

    [Fact]
    public async Task Nodes_are_listed_with_what_they_are_and_leave_to_others()
    {
        var nodes = _server.Services.GetRequiredService<INodeStore>();
        await nodes.BeatAsync(new("attic/1") { Labels = ["nas"], Version = "9.9" }, 4, [new(7)], Cancellation);
        await nodes.BeatAsync(_server.Services.GetRequiredService<Node>(), 0, [], Cancellation);
        var items = (await Answers.JsonAsync(await _server.Socket.GetAsync($"{Route}/nodes", Cancellation))).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(2, items.Count);
        var other = items.Single(node => !node.GetProperty("self").GetBoolean());
        Assert.Equal(("attic/1", "9.9", 4), (other.GetProperty("name").GetString(), other.GetProperty("version").GetString(), other.GetProperty("workers").GetInt32()));
        Assert.Equal("""["nas"] ["7"]""", $"{other.GetProperty("labels")} {other.GetProperty("unable")}");
    }

    [Fact]
    public async Task It_says_whether_these_are_working_hours()
    {
        var always = (await PatchAsync("""{"windows": []}""")).GetProperty("now");
        Assert.Equal((true, JsonValueKind.Null), (always.GetProperty("open").GetBoolean(), always.GetProperty("opensAt").ValueKind));
        Assert.Equal(0, always.GetProperty("workers").GetInt32());

        // An hour that is not now, whenever this runs.
        var hour = (DateTime.UnixEpoch + TimeProvider.System.GetUtcNow().TimeOfDay).AddHours(5);
        var never = (await PatchAsync($$"""{"windows": ["{{hour:HH:00}}-{{hour:HH:01}}"], "timeZone": "UTC"}""")).GetProperty("now");
        Assert.False(never.GetProperty("open").GetBoolean());
        Assert.Equal((hour.Hour, 0), (never.GetProperty("opensAt").GetDateTimeOffset().Hour, never.GetProperty("opensAt").GetDateTimeOffset().Minute));
    }

    private async Task<JsonElement> GetAsync() => await Answers.JsonAsync(await _server.Socket.GetAsync(Route, Cancellation));

    private async Task<JsonElement> PatchAsync(string body) => await Answers.JsonAsync(await _server.Socket.PatchAsync(Route, Answers.Body(body), Cancellation));

    private static (string Value, string? Source) Setting(JsonElement engine, string name)
    {
        var setting = engine.GetProperty(name);
        return (JsonSerializer.Serialize(setting.GetProperty("value")), setting.GetProperty("source").GetString());
    }
}
