using System.Net;

namespace Vitrine.Tests.Server;

/// <summary>Questions about failures, and selections of them, that cannot be understood: asked of one server, which they leave as it was.</summary>
public sealed class FailureRefusalTests(SeededServer server) : IClassFixture<SeededServer>
{
    private const string Cache = "/api/v1/cache";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("failures?reason=beauty", "bad-request")]
    [InlineData("failures.csv?reason=beauty", "bad-request")]
    [InlineData("failures?library=x", "bad-request")]
    [InlineData("failures?type=9", "bad-request")]
    [InlineData("failures?limit=0", "bad-request")]
    [InlineData("failures?ignored=perhaps", "bad-request")]
    [InlineData("failures?cursor=nonsense", "bad-cursor")]
    [InlineData("dead-batches?cursor=nonsense", "bad-cursor")]
    public async Task A_bad_question_is_refused(string path, string code) =>
        await Answers.IsProblemAsync(await server.Admin.GetAsync($"{Cache}/{path}", Cancellation), HttpStatusCode.BadRequest, code);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"reasons\": [\"beauty\"]}")]
    [InlineData("{\"reasons\": \"corrupt\"}")]
    [InlineData("{\"image\": 7}")]
    [InlineData("{\"type\": \"beauty\"}")]
    public async Task A_bad_selection_is_refused(string body)
    {
        foreach (var verb in new[] { "retry", "ignore", "restore" })
            await Answers.IsProblemAsync(await server.Admin.PostAsync($"{Cache}/failures/{verb}", Answers.Body(body), Cancellation), HttpStatusCode.BadRequest, "bad-request");
    }
}
