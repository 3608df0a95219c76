using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.Alerts;
using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Tests.Server;

/// <summary>
/// A user without a grant, on a server with a library and on one without: every GET has to answer the same on both, to the byte, so that no id, name, count or
/// ETag of the library is in any of it. Routes are those that there are, and what a server has to say of itself is left out by its name.
/// </summary>
public sealed partial class NoGrantTests(NoGrantServers servers) : IClassFixture<NoGrantServers>
{
    private const string Collection = NoGrantServers.Collection;
    private const string Unknown = "987654321";

    private SeededServer Full => servers.Full;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_read_is_what_it_is_on_a_server_without_the_library()
    {
        var reads = Operation.Of(Full.Routes).Where(operation => operation.IsRead && Expected.Of(operation) is Need.View or Need.Download or Need.Nobody or Need.Person).ToList();
        Assert.True(reads.Count > 30, $"Only {reads.Count} were found.");
        await AreSameAsync(reads, Full.Viewer, servers.Nothing);
    }

    /// <summary>Files in cache folders are counted for who looks after them, whosever they are: those reads alone tell that there is something. Nodes have names of their own.</summary>
    [Fact]
    public async Task Every_read_of_who_manages_without_a_grant_is_so_too_but_for_files_in_cache_folders()
    {
        string[] folders = ["listCacheFolders", "getFolderStatistics", "getCacheDistribution", "listNodes"];
        var reads = Operation.Of(Full.Routes)
            .Where(operation => operation.IsRead && Expected.Of(operation) is Need.View or Need.Jobs or Need.Person && !folders.Contains(operation.Name)).ToList();
        Assert.Contains(reads, read => read.Name == "listAlerts");
        await AreSameAsync(reads, servers.Manager, servers.ManagerOfNothing);
    }

    private async Task AreSameAsync(IEnumerable<Operation> reads, HttpClient full, HttpClient empty)
    {
        var different = new List<string>();
        foreach (var path in reads.SelectMany(Paths))
        {
            var (there, nothing) = (await AnswerAsync(full, path), await AnswerAsync(empty, path));
            if (there != nothing) different.Add($"{path}\n  with: {there}\n  without: {nothing}");
        }
        Assert.True(different.Count == 0, string.Join('\n', different));
    }

    [Fact]
    public async Task An_admin_finds_all_of_it_so_that_there_is_something_to_hide()
    {
        foreach (var read in Operation.Of(Full.Routes).Where(operation => operation.IsRead && operation.HasParameters && Expected.Of(operation) is Need.View or Need.Download))
        {
            using var response = await Full.Admin.GetAsync(Paths(read).First(), Cancellation);
            Assert.True(response.IsSuccessStatusCode, $"{read.Name} answered {(int)response.StatusCode}.");
        }
    }

    [Fact]
    public async Task A_grant_opens_it()
    {
        await Full.ChangeUserAsync("vera", new(Grant: [Full.Library.Id]));
        foreach (var read in Operation.Of(Full.Routes).Where(operation => operation.IsRead && operation.HasParameters && Expected.Of(operation) is Need.View or Need.Download))
        {
            using var response = await Full.Viewer.GetAsync(Paths(read).First(), Cancellation);
            Assert.True(response.IsSuccessStatusCode, $"{read.Name} answered {(int)response.StatusCode}.");
        }
        await Full.ChangeUserAsync("vera", new(Revoke: [Full.Library.Id]));
    }

    [Theory]
    [InlineData("images/batch")]
    [InlineData("images/thumbnails")]
    [InlineData("view")]
    public async Task Reads_that_are_sent_as_a_body_tell_no_more(string route)
    {
        var body = route == "view" ? $$"""{"collectionIds": ["{{Collection}}"], "imageId": "{{Full.Image}}"}""" : $$"""{"ids": ["{{Full.Image}}"]}""";
        var answers = new List<string>();
        foreach (var client in new[] { Full.Viewer, servers.Nothing })
        {
            using var response = await client.PostAsync($"/api/v1/{route}", Answers.Body(body), Cancellation);
            answers.Add($"{(int)response.StatusCode} {Boundary().Replace(await response.Content.ReadAsStringAsync(Cancellation), "")}");
        }
        Assert.Equal(answers[1], answers[0]);
    }

    [Fact]
    public async Task Who_manages_without_a_grant_changes_nothing_there()
    {
        var manager = servers.Manager;
        foreach (var operation in Operation.Of(Full.Routes).Where(operation => !operation.IsRead && operation.HasParameters && Expected.Of(operation) == Need.Jobs && IsOfALibrary(operation)))
        {
            using var request = new HttpRequestMessage(new(operation.Method), operation.Path(parameter => Value(operation, parameter)));
            if (operation.Name == "prioritiseJob") request.Content = Answers.Body("""{"priority": "low"}""");
            await Answers.IsProblemAsync(await manager.SendAsync(request, Cancellation), HttpStatusCode.NotFound, "not-found");
        }
        var jobs = Full.Services.GetRequiredService<IJobStore>();
        Assert.Equal(servers.Job.Version, (await jobs.GetAsync(servers.Job.Id, Cancellation))!.Version);
        var alerts = Full.Services.GetRequiredService<IAlertStore>();
        Assert.Contains((await alerts.ListAsync(Grants.All, open: true, null, 10, Cancellation)).Items, alert => alert.Id == servers.Alert);
    }

    [Theory]
    [InlineData("cache/processing-jobs", """{"type": "scan", "libraryId": "LIBRARY"}""")]
    [InlineData("cache/processing-jobs", """{"type": "both", "libraryId": "LIBRARY", "imageIds": ["IMAGE"]}""")]
    [InlineData("cache/schedules", """{"kind": "scan", "cron": "0 3 * * *", "libraryId": "LIBRARY"}""")]
    [InlineData("cache/forecast", """{"libraryId": "LIBRARY", "sample": false}""")]
    public async Task What_a_manager_names_in_a_body_is_as_unknown(string route, string body)
    {
        var manager = servers.Manager;
        using var known = await manager.PostAsync($"/api/v1/{route}", Answers.Body(Filled(body, $"{Full.Library.Id}")), Cancellation);
        using var unknown = await manager.PostAsync($"/api/v1/{route}", Answers.Body(Filled(body, Unknown)), Cancellation);
        Assert.False(known.IsSuccessStatusCode);
        var (told, asked) = (await unknown.Content.ReadAsStringAsync(Cancellation), await known.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal((unknown.StatusCode, told.Replace(Unknown, "ID", StringComparison.Ordinal)), (known.StatusCode, asked.Replace($"library {Full.Library.Id}", "library ID", StringComparison.Ordinal)));
    }

    private IEnumerable<string> Paths(Operation read)
    {
        var path = read.Path(parameter => Value(read, parameter));
        yield return path;
        foreach (var query in Queries(read.Name)) yield return $"{path}?{query}";
    }

    private string[] Queries(string read) => read switch
    {
        "listCollections" => [$"library={Full.Library.Id}", "search=pictures", "sort=bytes&descending=true&limit=1"],
        "listJobs" or "listDeadBatches" => [$"library={Full.Library.Id}&limit=1", "open=true"],
        "listStandingFailures" or "exportFailures" => [$"library={Full.Library.Id}", $"collection={Collection}", $"image={Full.Image}", "ignored=true"],
        "getCacheEffectiveness" => ["by=library", "by=folder", "by=collection", "by=preset"],
        "getPicture" => [$"v={Full.Hash}", "width=100"],
        "getJob" => ["includeDetails=true"],
        _ => [],
    };

    private string Value(Operation operation, string parameter) => parameter switch
    {
        "preset" => "thumbnail",
        "documentName" => "v1",
        _ when operation.Route.RoutePattern.RawText!.Contains("/collections/", StringComparison.Ordinal) => Collection,
        _ when operation.Route.RoutePattern.RawText.Contains("/images/", StringComparison.Ordinal) => $"{Full.Image}",
        _ when operation.Route.RoutePattern.RawText.Contains("/processing-jobs/", StringComparison.Ordinal) => $"{servers.Job.Id}",
        _ when operation.Route.RoutePattern.RawText.Contains("/dead-batches/", StringComparison.Ordinal) => $"{servers.DeadBatch}",
        _ when operation.Route.RoutePattern.RawText.Contains("/alerts/", StringComparison.Ordinal) => $"{servers.Alert}",
        _ => $"{Full.Library.Id}",
    };

    private static bool IsOfALibrary(Operation operation) =>
        new[] { "/collections/", "/images/", "/processing-jobs/", "/dead-batches/", "/alerts/", "/libraries/" }.Any(part => operation.Route.RoutePattern.RawText!.Contains(part, StringComparison.Ordinal));

    private string Filled(string body, string library) =>
        body.Replace("LIBRARY", library, StringComparison.Ordinal).Replace("IMAGE", $"{Full.Image}", StringComparison.Ordinal);

    /// <summary>Status, headers and body, without what a server says of itself at that moment. Of a stream its first event.</summary>
    private static async Task<string> AnswerAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        var headers = response.Headers.Concat(response.Content.Headers).Where(header => header.Key is not ("Date" or "Content-Length")).OrderBy(header => header.Key, StringComparer.Ordinal);
        var body = await BodyAsync(response);
        return OwnFacts().Replace(string.Create(CultureInfo.InvariantCulture,
            $"{(int)response.StatusCode} {string.Join("; ", headers.Select(header => $"{header.Key}: {string.Join(',', header.Value)}"))} {body}"), "");
    }

    private static async Task<string> BodyAsync(HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream") return await response.Content.ReadAsStringAsync(Cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        var lines = new List<string>();
        while (await reader.ReadLineAsync(Cancellation) is { Length: > 0 } line) lines.Add(line);
        return string.Join('\n', lines);
    }

    [GeneratedRegex("\"(uptimeSeconds|cpuSeconds|memoryBytes|peakMemoryBytes)\":[^,}]*|nonce[-=\"]+[0-9a-f]{32}|\"(from|to|createdAt|seenAt|at|start)\":\"[^\"]*\"")]
    private static partial Regex OwnFacts();

    [GeneratedRegex("--[0-9A-Za-z-]+")]
    private static partial Regex Boundary();
}
