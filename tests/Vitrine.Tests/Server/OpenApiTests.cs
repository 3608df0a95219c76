using System.Text.Json;
using System.Text.RegularExpressions;
using Vitrine.Tests.Tidy;

namespace Vitrine.Tests.Server;

public sealed class OpenApiTests(SignedInServer server) : IClassFixture<SignedInServer>
{
    private const string WriteVariable = "VITRINE_WRITE_DOCS";
    private const string Document = "docs/openapi.json";

    [Fact]
    public async Task The_committed_document_is_what_the_server_says()
    {
        var said = await server.Viewer.GetStringAsync("/api/v1/openapi.json") + "\n";
        var file = Path.Combine(Repository.Root, Document);
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1") await File.WriteAllTextAsync(file, said);
        Assert.True(File.Exists(file) && await File.ReadAllTextAsync(file) == said, $"{Document} is not what the code says: write it anew with {WriteVariable}=1 ./test and commit it.");
    }

    [Fact]
    public async Task Every_operation_has_a_name_a_summary_and_says_how_it_fails()
    {
        var document = JsonDocument.Parse(await server.Viewer.GetStringAsync("/api/v1/openapi.json")).RootElement;
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var names = new HashSet<string>();
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                Assert.True(names.Add(operation.Value.GetProperty("operationId").GetString()!), $"{operation.Name} {path.Name} has another one's name.");
                Assert.NotEqual("", operation.Value.GetProperty("summary").GetString());
                if (path.Name.StartsWith("/api", StringComparison.Ordinal))
                    Assert.True(operation.Value.GetProperty("responses").GetProperty("401").GetProperty("content").TryGetProperty("application/problem+json", out _));
            }
        }
    }

    [Fact]
    public async Task An_id_is_text_and_an_enum_has_names()
    {
        var document = JsonDocument.Parse(await server.Viewer.GetStringAsync("/api/v1/openapi.json")).RootElement;
        var schemas = document.GetProperty("components").GetProperty("schemas");
        Assert.Equal("string", schemas.GetProperty("Image").GetProperty("properties").GetProperty("id").GetProperty("type").GetString());
        Assert.Equal("Paused", schemas.GetProperty("JobStatus").GetProperty("enum")[2].GetString());
        Assert.DoesNotContain(schemas.EnumerateObject(), schema => schema.Name.StartsWith("IdOf", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_reference_page_needs_nothing_from_elsewhere()
    {
        var page = await server.Viewer.GetStringAsync("/api/reference/");
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        // What it would offer to send elsewhere: questions, changes, the document itself.
        foreach (var off in new[] { "\"agent\":{\"disabled\":true}", "\"mcp\":{\"disabled\":true}", "\"telemetry\":false", "\"showDeveloperTools\":\"never\"" })
            Assert.Contains(off, page.Replace(" ", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_reference_pages_script_runs_by_a_word_of_this_answer_alone()
    {
        var words = new HashSet<string>();
        for (var asked = 0; asked < 2; asked++)
        {
            using var answer = await server.Viewer.GetAsync("/api/reference/");
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            var word = Regex.Match(policy, "script-src 'self' 'nonce-([0-9a-f]{32})'").Groups[1].Value;
            Assert.True(words.Add(word) && word.Length > 0, policy);
            Assert.Contains($"nonce=\"{word}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }
}
