using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Tests.Server;

/// <summary>
/// A user without a grant, on a server with a library and on one without: every GET has to answer the same on both, to the byte, so that no id, name, count or
/// ETag of the library is in any of it. Routes are those that there are, and what a server has to say of itself is left out by its name.
/// </summary>
public sealed partial class NoGrantTests : IAsyncLifetime
{
    private const string Collection = "1";

    private readonly SeededServer _full = new();
    private readonly TestServer _empty = new();
    private HttpClient _there = null!;
    private HttpClient _nothing = null!;
    private Job _job = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _full.InitializeAsync();
        await _empty.InitializeAsync();
        await _empty.SignInAsync("ada", Role.Admin);
        _there = _full.Viewer;
        _nothing = await _empty.SignInAsync("vera", Role.Viewer, mayDownload: true);
        await FillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _empty.DisposeAsync();
        await _full.DisposeAsync();
    }

    [Fact]
    public async Task Every_read_is_what_it_is_on_a_server_without_the_library()
    {
        var reads = Operation.Of(_full.Routes).Where(operation => operation.IsRead && Expected.Of(operation) is Need.View or Need.Download or Need.Nobody or Need.Person).ToList();
        Assert.True(reads.Count > 30, $"Only {reads.Count} were found.");
        var different = new List<string>();
        foreach (var path in reads.SelectMany(Paths))
        {
            var (there, nothing) = (await AnswerAsync(_there, path), await AnswerAsync(_nothing, path));
            if (there != nothing) different.Add($"{path}\n  with: {there}\n  without: {nothing}");
        }
        Assert.True(different.Count == 0, string.Join('\n', different));
    }

    [Fact]
    public async Task An_admin_finds_all_of_it_so_that_there_is_something_to_hide()
    {
        foreach (var read in Operation.Of(_full.Routes).Where(operation => operation.IsRead && operation.HasParameters && Expected.Of(operation) is Need.View or Need.Download))
        {
            using var response = await _full.Admin.GetAsync(Paths(read).First(), Cancellation);
            Assert.True(response.IsSuccessStatusCode, $"{read.Name} answered {(int)response.StatusCode}.");
        }
    }

    [Fact]
    public async Task A_grant_opens_it()
    {
        await _full.ChangeUserAsync("vera", new(Grant: [_full.Library.Id]));
        foreach (var read in Operation.Of(_full.Routes).Where(operation => operation.IsRead && operation.HasParameters && Expected.Of(operation) is Need.View or Need.Download))
        {
            using var response = await _there.GetAsync(Paths(read).First(), Cancellation);
            Assert.True(response.IsSuccessStatusCode, $"{read.Name} answered {(int)response.StatusCode}.");
        }
    }

    [Theory]
    [InlineData("images/batch")]
    [InlineData("images/thumbnails")]
    [InlineData("view")]
    public async Task Reads_that_are_sent_as_a_body_tell_no_more(string route)
    {
        var body = route == "view" ? $$"""{"collectionIds": ["{{Collection}}"], "imageId": "{{_full.Image}}"}""" : $$"""{"ids": ["{{_full.Image}}"]}""";
        var answers = new List<string>();
        foreach (var client in new[] { _there, _nothing })
        {
            using var response = await client.PostAsync($"/api/v1/{route}", Answers.Body(body), Cancellation);
            answers.Add($"{(int)response.StatusCode} {Boundary().Replace(await response.Content.ReadAsStringAsync(Cancellation), "")}");
        }
        Assert.Equal(answers[1], answers[0]);
    }

    [Fact]
    public async Task Who_manages_without_a_grant_changes_nothing_there()
    {
        var manager = await _full.SignInAsync("mia", Role.CacheManager);
        foreach (var operation in Operation.Of(_full.Routes).Where(operation => !operation.IsRead && operation.HasParameters && Expected.Of(operation) == Need.Jobs && IsOfALibrary(operation)))
        {
            using var request = new HttpRequestMessage(new(operation.Method), operation.Path(parameter => Value(operation, parameter)));
            if (operation.Name == "prioritiseJob") request.Content = Answers.Body("""{"priority": "low"}""");
            await Answers.IsProblemAsync(await manager.SendAsync(request, Cancellation), HttpStatusCode.NotFound, "not-found");
        }
        var jobs = _full.Services.GetRequiredService<IJobStore>();
        Assert.Equal(_job.Version, (await jobs.GetAsync(_job.Id, Cancellation))!.Version);
    }

    [Theory]
    [InlineData("cache/processing-jobs", """{"type": "scan", "libraryId": "LIBRARY"}""")]
    [InlineData("cache/processing-jobs", """{"type": "both", "libraryId": "LIBRARY", "imageIds": ["IMAGE"]}""")]
    [InlineData("cache/schedules", """{"kind": "scan", "cron": "0 3 * * *", "libraryId": "LIBRARY"}""")]
    [InlineData("cache/forecast", """{"libraryId": "LIBRARY", "sample": false}""")]
    public async Task What_a_manager_names_in_a_body_is_as_unknown(string route, string body)
    {
        var manager = await _full.SignInAsync("mia", Role.CacheManager);
        using var known = await manager.PostAsync($"/api/v1/{route}", Answers.Body(Filled(body, $"{_full.Library.Id}")), Cancellation);
        using var unknown = await manager.PostAsync($"/api/v1/{route}", Answers.Body(Filled(body, "987654321")), Cancellation);
        Assert.False(known.IsSuccessStatusCode);
        Assert.Equal((unknown.StatusCode, await unknown.Content.ReadAsStringAsync(Cancellation)), (known.StatusCode, await known.Content.ReadAsStringAsync(Cancellation)));
    }

    /// <summary>What the other library has, beside the image: an open job, a failure, a schedule, a pin, and views that were counted.</summary>
    private async Task FillAsync()
    {
        _job = (await _full.Services.GetRequiredService<IJobStore>().AddAsync(new(Handler.Derive, new(_full.Library.Id, ["display"])), Cancellation))!;
        var schedule = $$"""{"kind": "scan", "cron": "0 3 * * *", "libraryId": "{{_full.Library.Id}}"}""";
        using var added = await _full.Admin.PostAsync("/api/v1/cache/schedules", Answers.Body(schedule), Cancellation);
        using var pinned = await _full.Admin.PutAsync($"/api/v1/collections/{Collection}/pin", null, Cancellation);
        using var served = await _full.Admin.GetAsync($"/api/v1/images/{_full.Image}/thumbnail?v={_full.Hash}", Cancellation);
        Assert.True(added.IsSuccessStatusCode && pinned.IsSuccessStatusCode && served.IsSuccessStatusCode);
    }

    private IEnumerable<string> Paths(Operation read)
    {
        var path = read.Path(parameter => Value(read, parameter));
        yield return path;
        foreach (var query in Queries(read.Name)) yield return $"{path}?{query}";
    }

    private string[] Queries(string read) => read switch
    {
        "listCollections" => [$"library={_full.Library.Id}", "search=pictures", "sort=bytes&descending=true&limit=1"],
        "listJobs" or "listDeadBatches" => [$"library={_full.Library.Id}&limit=1", "open=true"],
        "listStandingFailures" or "exportFailures" => [$"library={_full.Library.Id}", $"collection={Collection}", $"image={_full.Image}", "ignored=true"],
        "getCacheEffectiveness" => ["by=library", "by=folder", "by=collection", "by=preset"],
        "getPicture" => [$"v={_full.Hash}", "width=100"],
        "getJob" => ["includeDetails=true"],
        _ => [],
    };

    private string Value(Operation operation, string parameter) => parameter switch
    {
        "preset" => "thumbnail",
        "documentName" => "v1",
        _ when operation.Route.RoutePattern.RawText!.Contains("/collections/", StringComparison.Ordinal) => Collection,
        _ when operation.Route.RoutePattern.RawText.Contains("/images/", StringComparison.Ordinal) => $"{_full.Image}",
        _ when operation.Route.RoutePattern.RawText.Contains("/processing-jobs/", StringComparison.Ordinal) => $"{_job.Id}",
        _ => $"{_full.Library.Id}",
    };

    private static bool IsOfALibrary(Operation operation) =>
        new[] { "/collections/", "/images/", "/processing-jobs/", "/libraries/" }.Any(part => operation.Route.RoutePattern.RawText!.Contains(part, StringComparison.Ordinal));

    private string Filled(string body, string library) =>
        body.Replace("LIBRARY", library, StringComparison.Ordinal).Replace("IMAGE", $"{_full.Image}", StringComparison.Ordinal);

    /// <summary>Status, headers and body, without what a server says of itself at that moment. Of a stream its first event.</summary>
    private static async Task<string> AnswerAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        var headers = response.Headers.Concat(response.Content.Headers).Where(header => header.Key is not ("Date" or "Content-Length")).OrderBy(header => header.Key, StringComparer.Ordinal);
        var body = OwnFacts().Replace(await BodyAsync(response), "");
        return string.Create(CultureInfo.InvariantCulture,
            $"{(int)response.StatusCode} {string.Join("; ", headers.Select(header => $"{header.Key}: {string.Join(',', header.Value)}"))} {body}");
    }

    private static async Task<string> BodyAsync(HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream") return await response.Content.ReadAsStringAsync(Cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        var lines = new List<string>();
        while (await reader.ReadLineAsync(Cancellation) is { Length: > 0 } line) lines.Add(line);
        return string.Join('\n', lines);
    }

    [GeneratedRegex("\"(uptimeSeconds|cpuSeconds|memoryBytes|peakMemoryBytes)\":[^,}]*|\"(from|to|createdAt|seenAt|at|start)\":\"[^\"]*\"")]
    private static partial Regex OwnFacts();

    [GeneratedRegex("--[0-9A-Za-z-]+")]
    private static partial Regex Boundary();
}
