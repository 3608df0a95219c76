using System.Net;

namespace Vitrine.Tests.Server;

/// <summary>Presets that cannot be made, asked of one server: none of them leaves anything behind.</summary>
public sealed class PresetRefusalTests(SeededServer server) : IClassFixture<SeededServer>
{
    private const string Route = "/api/v1/cache/presets";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"name": "Wall", "quality": 80}""", "bad-name")]
    [InlineData("""{"name": "original", "quality": 80}""", "bad-name")]
    [InlineData("""{"name": "../x", "quality": 80}""", "bad-name")]
    [InlineData("""{"name": "wall\n", "quality": 80}""", "bad-name")]
    [InlineData("""{"name": "wall", "quality": 0}""", "bad-quality")]
    [InlineData("""{"name": "wall", "quality": 101}""", "bad-quality")]
    [InlineData("""{"name": "wall", "quality": 80, "maxEdge": 15}""", "bad-edge")]
    [InlineData("""{"name": "wall", "quality": 80, "maxEdge": 16385}""", "bad-edge")]
    [InlineData("""{"name": "wall", "quality": 80, "format": "gif"}""", "bad-format")]
    [InlineData("""{"name": "wall", "quality": 80, "format": "1"}""", "bad-format")]
    [InlineData("""{"name": "display", "quality": 80}""", "known")]
    [InlineData("""{"name": "wall"}""", "bad-request")]
    public async Task What_cannot_be_made_is_refused_with_its_code(string body, string code) =>
        await Answers.IsProblemAsync(await server.Admin.PostAsync(Route, Answers.Body(body), Cancellation), HttpStatusCode.BadRequest, code);
}
