using System.Globalization;
using System.Net.Http.Headers;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd.Abuse;

/// <summary>Libraries from anywhere: names, links, slips and bombs on the disk, and what of them gets out.</summary>
[Collection(nameof(AbusedServer))]
public sealed class HostileLibraryTests(AbusedServer server, ITestOutputHelper output)
{
    private const string OnDisk = "slips, bombs and links on the disk";
    private const string Named = "names of files";

    [Fact]
    public async Task NothingLeavesItsFolder()
    {
        var images = await Gallery.ImagesAsync(server.Server.Api);
        var failures = await server.Server.Api.AllAsync("cache/failures");
        var reasons = failures.Select(failure => failure["code"].Text).ToHashSet();

        Note(OnDisk, "names that lead out of an archive", $"{images.Count(image => image["name"].Text == "good.jpg")} good, none written", PwnedFiles().FirstOrDefault());
        Note(OnDisk, "an archive with a bomb", "ratio-too-high", reasons.Contains("ratio-too-high") ? null : string.Join(' ', reasons));
        Note(OnDisk, "a picture of 3,600 megapixels", "too-many-pixels", reasons.Contains("too-many-pixels") ? null : string.Join(' ', reasons));
        Note(OnDisk, "links out of the root", "not listed", images.Any(image => image["name"].Text is "outside.jpg" or "account.jpg") ? "listed" : null);
        Note(OnDisk, "the server lives", "200", server.Server.Running.HasEnded ? "it ended" : null);

        server.Report.Conclude(OnDisk, output);
    }

    /// <summary>Each name goes out in a header, in JSON and in CSV.</summary>
    [Fact]
    public async Task NamesStayNames()
    {
        var collection = (await server.Server.Api.AllAsync("collections")).Single(found => found["name"].Text == HostileLibrary.Names);
        foreach (var image in (await server.Server.Api.AllAsync($"collections/{collection["id"]}/images")).Where(image => image["state"].Text == "ready"))
        {
            var answer = await server.SendAsync(Ask.Get($"/api/v1/images/{image["id"]}/original", Ask.Admin));
            Assert.Equal(200, answer.Status);
            var disposition = Assert.Single(answer.All("Content-Disposition"));
            Note(Named, $"the name {Visible(image["name"].Text)}", disposition, Problem(answer, disposition, image["name"].Text));
        }
        var csv = await server.SendAsync(Ask.Get("/api/v1/cache/failures.csv", Ask.Admin));
        var cells = csv.Body.Split('\n').Where(line => line.Contains(HostileLibrary.Broken, StringComparison.Ordinal)).SelectMany(line => line.Split(',')).ToList();
        Note(Named, "a formula as a name, in CSV", $"{cells.Count} cells", cells.Count == 0 ? "it is not there" : cells.FirstOrDefault(cell => cell.Trim('"').StartsWith('=')));
        server.Report.Conclude(Named, output);
    }

    private static string? Problem(Answer answer, string disposition, string name)
    {
        if (answer.All("Set-Cookie").Any()) return "a cookie out of a name";
        if (answer.First("Content-Security-Policy")?.StartsWith("sandbox", StringComparison.Ordinal) != true) return "no sandbox";
        if (answer.First("X-Content-Type-Options") != "nosniff") return "sniffed";
        if (disposition.Any(c => c is < ' ' or > '~')) return "a header that is not ASCII";
        return ContentDispositionHeaderValue.Parse(disposition).FileNameStar == Plain(name) ? null : "another name";
    }

    private IEnumerable<string> PwnedFiles() =>
        new[] { server.Folder, Path.GetTempPath() }.SelectMany(folder => Directory.EnumerateFiles(folder, $"*{HostileLibrary.Pwned}*", new EnumerationOptions { RecurseSubdirectories = folder == server.Folder, IgnoreInaccessible = true }));

    private void Note(string kind, string name, string answer, string? broke) => server.Report.Add(kind, name, answer, broke);

    /// <summary>What steers a terminal or the direction of text is left out where a name is for people; the API tells it whole.</summary>
    private static string Plain(string name) => string.Concat(name.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format ? '_' : c));

    private static string Visible(string name) => string.Concat(name.Select(c => char.IsControl(c) || c > '~' ? $"\\u{(int)c:x4}" : $"{c}"));
}
