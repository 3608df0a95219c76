using System.Net;
using CsCheck;
using Vitrine.Server.Hosting;

namespace Vitrine.Tests.Server;

/// <summary>Requests with parts that no browser would send: a refusal has its shape and its code, and what is answered is right.</summary>
public sealed class RequestFuzzTests(SeededServer server) : IClassFixture<SeededServer>
{
    private static readonly string[] Lists =
    [
        "collections", "cache/processing-jobs", "cache/processing-jobs/resumable", "cache/failures", "cache/dead-batches", "alerts", "libraries/1/failures", "libraries/1/trash", "collections/1/images",
        "cache/effectiveness", "cache/processing-jobs/stale",
    ];

    private static readonly string[] Parameters =
        ["cursor", "limit", "sort", "descending", "search", "library", "type", "status", "open", "reason", "decoder", "collection", "image", "ignored", "from", "to", "by", "timeoutMinutes"];

    private static readonly string[] Conditions = ["Range", "If-None-Match", "If-Match", "If-Range", "If-Modified-Since", "If-Unmodified-Since", "Accept", "Cookie", "Idempotency-Key", "Content-Type", "Accept-Encoding", "Last-Event-ID"];

    private static readonly (string Method, string Path)[] Takers =
    [
        ("POST", "session"), ("POST", "users"), ("POST", "libraries"), ("PATCH", "libraries/1"), ("POST", "images/batch"), ("POST", "images/thumbnails"), ("POST", "view"), ("POST", "cache/forecast"),
        ("POST", "cache/processing-jobs"), ("POST", "cache/bulk/operations"), ("PATCH", "cache/engine"), ("POST", "cache/schedules"), ("PATCH", "cache/schedules/1"), ("POST", "cache/failures/retry"),
        ("POST", "cache/failures/ignore"), ("POST", "cache/folders"), ("POST", "cache/presets"), ("PATCH", "cache/presets/medium"), ("POST", "cache/processing-jobs/1/priority"),
    ];

    private static readonly string[] Members =
    [
        "name", "password", "role", "root", "presets", "exclude", "watch", "ids", "collections", "images", "type", "libraryId", "libraryIds", "collectionIds", "imageIds", "jobIds", "operation", "force", "priority", "kind", "cron",
        "timeZone", "mode", "path", "limitBytes", "floorBytes", "quality", "maxEdge", "format", "reason", "workers", "workHours",
    ];

    /// <summary>Conditions and ranges are read by the framework and by a shorter way of ours: both give the file, a part of it, or a refusal.</summary>
    [Fact]
    public async Task A_picture_is_whole_or_a_part_or_refused()
    {
        var headers = Gen.Select(Gen.OneOf(Conditions), Gen.OneOf(HostileText.OfHeader, Gen.OneOf($"\"{server.Hash}\"", $"W/\"{server.Hash}\"", "*", "bytes=0-9", "bytes=-1", "bytes=999-", "bytes=1000-", "bytes=0-0,2-3"))).Array[0, 4];
        var version = Gen.OneOf(HostileText.OfQuery, Gen.Const(server.Hash));
        await Gen.Select(headers, version).SampleAsync(async (set, v) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/images/{server.Image}/thumbnail?v={v}");
            foreach (var (name, value) in set.Where(header => header.Item1 != "Cookie")) request.Headers.TryAddWithoutValidation(name, value);
            using var response = await server.Admin.SendAsync(request);
            var bytes = await response.Content.ReadAsByteArrayAsync();
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK:
                    Assert.Equal(SeededServer.ThumbnailBytes, bytes);
                    break;
                case HttpStatusCode.PartialContent:
                    var range = response.Content.Headers.ContentRange!;
                    Assert.Equal(SeededServer.ThumbnailBytes[(int)range.From!.Value..((int)range.To!.Value + 1)], bytes);
                    break;
                case HttpStatusCode.NotModified:
                    Assert.Empty(bytes);
                    Assert.Contains(set, header => header.Item1.StartsWith("If-", StringComparison.Ordinal));
                    break;
                default:
                    await RefusedAsync(response, set.Select(header => $"{header.Item1}: {header.Item2}"));
                    break;
            }
        }, iter: HostileText.Times(300), threads: 1);
    }

    [Fact]
    public async Task A_list_is_a_page_or_refused() =>
        await Gen.Select(Gen.OneOf(Lists), Gen.Select(Gen.OneOf(Parameters), HostileText.OfQuery).Array[1, 3]).SampleAsync(async (list, query) =>
        {
            var target = $"/api/v1/{list}?{string.Join('&', query.Select(part => $"{part.Item1}={part.Item2}"))}";
            using var response = await server.Admin.GetAsync(target);
            if (response.StatusCode != HttpStatusCode.OK) await RefusedAsync(response, [target]);
        }, iter: HostileText.Times(400), threads: 1);

    [Fact]
    public async Task A_body_is_taken_or_refused() =>
        await Gen.Select(Gen.OneOf(Takers), HostileText.JsonWith(Members)).SampleAsync(async (route, body) =>
        {
            using var request = new HttpRequestMessage(new(route.Method), "/api/v1/" + route.Path) { Content = Answers.Body(body) };
            using var response = await server.Admin.SendAsync(request);
            if (!response.IsSuccessStatusCode) await RefusedAsync(response, [$"{route.Method} {route.Path} {body}"]);
        }, iter: HostileText.Times(400), threads: 1);

    private static async Task RefusedAsync(HttpResponseMessage response, IEnumerable<string> asked)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode is >= 400 and < 500, $"{(int)response.StatusCode} {text} to {string.Join(" | ", asked)}");
        Assert.Equal(Problems.ContentType, response.Content.Headers.ContentType?.MediaType);
        var problem = System.Text.Json.JsonDocument.Parse(text).RootElement;
        Assert.Equal((int)response.StatusCode, problem.GetProperty("status").GetInt32());
        Assert.Matches("^[a-z]+(-[a-z]+)*$", problem.GetProperty("code").GetString());
    }
}
