using System.Net;

namespace Vitrine.Tests.Server;

/// <summary>Settings of the engine that cannot be used, asked of one server: none of them changes anything.</summary>
public sealed class EngineRefusalTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Route = "/api/v1/cache/engine";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"workers": 257}""", "bad-setting")]
    [InlineData("""{"workers": -1}""", "bad-setting")]
    [InlineData("""{"nice": 20}""", "bad-setting")]
    [InlineData("""{"yieldAtMostSeconds": 3600}""", "bad-setting")]
    [InlineData("""{"reset": ["leaseSeconds"]}""", "bad-setting")]
    [InlineData("""{"windows": ["at night"]}""", "bad-window")]
    [InlineData("""{"windows": ["22:00-06:00; 07:00-08:00"]}""", "bad-window")]
    [InlineData("""{"timeZone": "Europe/Atlantis"}""", "unknown-time-zone")]
    [InlineData("""{"workers": "many"}""", "bad-request")]
    public async Task What_cannot_be_used_is_refused_and_changes_nothing(string body, string code)
    {
        var before = await server.Socket.GetStringAsync(Route, Cancellation);
        await Answers.IsProblemAsync(await server.Socket.PatchAsync(Route, Answers.Body(body), Cancellation), HttpStatusCode.BadRequest, code);
        Assert.Equal(before, await server.Socket.GetStringAsync(Route, Cancellation));
    }
}
