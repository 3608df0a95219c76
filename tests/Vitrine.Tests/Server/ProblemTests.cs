using System.Net;

namespace Vitrine.Tests.Server;

/// <summary>Whatever is wrong with a request, the answer is problem details with a stable code.</summary>
public sealed class ProblemTests(SignedInServer server) : IClassFixture<SignedInServer>
{
    [Theory]
    [InlineData("/api/v1/libraries/abc", 400, "bad-request")]
    [InlineData("/api/v1/libraries/01", 400, "bad-request")]
    [InlineData("/api/v1/images/-1", 400, "bad-request")]
    [InlineData("/api/v1/images/9223372036854775808", 400, "bad-request")]
    [InlineData("/api/v1/libraries/4711", 404, "not-found")]
    [InlineData("/api/v1/collections/4711", 404, "not-found")]
    [InlineData("/api/v1/collections/4711/images", 404, "not-found")]
    [InlineData("/api/v1/images/4711", 404, "not-found")]
    [InlineData("/api/v1/images/4711/neighbours", 404, "not-found")]
    [InlineData("/api/v1/images/4711/thumbnail", 404, "not-found")]
    [InlineData("/api/v1/images/4711/huge", 404, "not-found")]
    [InlineData("/api/v1/images/4711/original", 404, "not-found")]
    [InlineData("/api/v1/images/random", 404, "not-found")]
    [InlineData("/api/v1/cache/processing-jobs/4711", 404, "not-found")]
    [InlineData("/api/v1/cache/processing-jobs/4711/failures", 404, "not-found")]
    [InlineData("/api/v1/collections?cursor=nonsense", 400, "bad-cursor")]
    [InlineData("/api/v1/cache/processing-jobs?cursor=nonsense", 400, "bad-cursor")]
    [InlineData("/api/v1/collections?limit=0", 400, "bad-request")]
    [InlineData("/api/v1/collections?limit=201", 400, "bad-request")]
    [InlineData("/api/v1/collections?limit=x", 400, "bad-request")]
    [InlineData("/api/v1/collections?sort=7", 400, "bad-request")]
    [InlineData("/api/v1/collections?sort=beauty", 400, "bad-request")]
    [InlineData("/api/v1/collections?library=x", 400, "bad-request")]
    [InlineData("/api/v1/cache/processing-jobs?status=9", 400, "bad-request")]
    [InlineData("/api/v1/images/1/thumbnail?width=0", 400, "bad-request")]
    [InlineData("/api/v1/nothing", 404, "not-found")]
    [InlineData("/api/v2/libraries", 404, "not-found")]
    [InlineData("/health/other", 404, "not-found")]
    public async Task A_bad_GET(string path, int status, string code) =>
        await Answers.IsProblemAsync(await server.Admin.GetAsync(path), (HttpStatusCode)status, code);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"root\": null}")]
    [InlineData("{\"root\": 5}")]
    [InlineData("{\"root\": \"/tmp\", \"presets\": [\"enormous\"]}")]
    [InlineData("{\"root\": \"/tmp\", \"name\": \"\"}")]
    public async Task A_bad_body(string body) =>
        await Answers.IsProblemAsync(await server.Admin.PostAsync("/api/v1/libraries", Answers.Body(body)), HttpStatusCode.BadRequest, "bad-request");

    [Fact]
    public async Task A_path_that_cannot_be_a_library_says_why_in_one_line()
    {
        var response = await server.Admin.PostAsync("/api/v1/libraries", Answers.Body("{\"root\": \"relative/path\"}"));
        await Answers.IsProblemAsync(response, HttpStatusCode.BadRequest, "path-refused");
        Assert.DoesNotContain("\\n", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_method_and_a_wrong_type_are_told_apart()
    {
        await Answers.IsProblemAsync(await server.Admin.DeleteAsync("/api/v1/status"), HttpStatusCode.MethodNotAllowed, "bad-request");
        await Answers.IsProblemAsync(await server.Anonymous.DeleteAsync("/api/v1/status"), HttpStatusCode.MethodNotAllowed, "bad-request");
        using var text = new StringContent("root=/tmp");
        await Answers.IsProblemAsync(await server.Admin.PostAsync("/api/v1/libraries", text), HttpStatusCode.UnsupportedMediaType, "bad-request");
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        var large = Answers.Body($"{{\"root\": \"{new string('x', 2 << 20)}\"}}");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/libraries") { Content = large };

        // The client waits for the answer to its headers: otherwise it may still be writing when the server closes.
        request.Headers.ExpectContinue = true;
        await Answers.IsProblemAsync(await server.Admin.SendAsync(request), HttpStatusCode.RequestEntityTooLarge, "bad-request");
    }

    [Fact]
    public async Task A_key_that_is_none_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/libraries/1/scan");
        request.Headers.TryAddWithoutValidation("Idempotency-Key", new string('k', 101));
        await Answers.IsProblemAsync(await server.Admin.SendAsync(request), HttpStatusCode.BadRequest, "bad-request");
    }
}
