using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Vitrine.EndToEnd.Abuse.Attacks;

/// <summary>More than anybody needs: each is refused by its length, before it is read or made into objects.</summary>
internal static class Oversized
{
    private const string Batch = "/api/v1/images/batch";

    public static IEnumerable<Attack> All()
    {
        yield return new("a target of 10,000 characters", Ask.Get("/api/v1/" + new string('a', 10_000)), "414 bad-request", "414", "400");
        yield return new("a query of 7,000 characters", Ask.Get("/api/v1/collections?search=" + new string('a', 7000), Ask.Admin), "200", "400 bad-request");
        yield return new("a cursor of 7,000 characters", Ask.Get("/api/v1/collections?cursor=" + new string('a', 7000), Ask.Admin), "400 bad-cursor");
        yield return new("500 query parameters", Ask.Get("/api/v1/collections?" + string.Join('&', Enumerable.Range(0, 500).Select(i => $"p{i}=1")), Ask.Admin), "200", "400 bad-request");
        yield return new("a header of 40,000 characters", Ask.Get("/health/live", "X-Long: " + new string('a', 40_000)), "431 bad-request", "431");
        yield return new("200 headers", Ask.Get("/health/live", [.. Enumerable.Range(0, 200).Select(i => $"X-{i}: 1")]), "431 bad-request", "431");
        yield return new("500 cookies", Ask.Get("/api/v1/status", "Cookie: " + string.Join("; ", Enumerable.Range(0, 500).Select(i => $"c{i}=1"))), "401 unauthenticated");
        yield return new("a body that says it has 1 TB", Ask.Bare("POST", Batch, Ask.Header, Ask.Json, Ask.Admin, "Content-Length: 1099511627776"), "413 bad-request");
        yield return new("a body of 3 MB", Ask.Post(Batch, $$"""{"ids": ["{{new string('1', 3_000_000)}}"]}""", Ask.Admin), "413 bad-request");
        yield return new("a body of 3 MB in chunks", Chunked(new string(' ', 3_000_000)), "413 bad-request");
        yield return new("a body of 3 MB by nobody", Ask.Post("/api/v1/session", new string(' ', 3_000_000)), "413 bad-request");
        yield return new("a body nested 100,000 deep", Ask.Post(Batch, new string('[', 100_000), Ask.Admin), "400 bad-request");
        yield return new("a list of 50,000 ids", Ask.Post(Batch, $$"""{"ids": [{{string.Join(',', Enumerable.Repeat("\"1\"", 50_000))}}]}""", Ask.Admin), "400 bad-request");
        yield return new("50,000 members of the same name", Ask.Post(Batch, $"{{{string.Join(',', Enumerable.Repeat("\"ids\": []", 50_000))}}}", Ask.Admin), "400 bad-request", "200");
        yield return new("a compressed body", Ask.Post(Batch, Compressed(), "Content-Encoding: gzip", Ask.Admin), "400 bad-request", "415 bad-request");
        yield return new("a name of 10,000 characters", Ask.Post("/api/v1/session", $$"""{"name": "{{new string('a', 10_000)}}", "password": "x"}"""), "401 unauthenticated", "400 bad-request");
        yield return new("a password of 900,000 characters", Ask.Post("/api/v1/session", $$"""{"name": "ada", "password": "{{new string('a', 900_000)}}"}"""), "401 unauthenticated", "400 bad-request");
        yield return new("a library named by 900,000 characters", Ask.Patch("/api/v1/libraries/{library}", $$"""{"name": "{{new string('a', 900_000)}}"}""", Ask.Admin), "400 bad-request");
        yield return new("ignore rules of 900,000 characters", Ask.Patch("/api/v1/libraries/{library}", $$"""{"exclude": ["{{new string('*', 900_000)}}"]}""", Ask.Admin), "400 bad-request");
        yield return new("a page of a billion", Ask.Get("/api/v1/collections?limit=1000000000", Ask.Admin), "400 bad-request");
        yield return new("a picture of a billion", Ask.Get("/api/v1/images/{image}/thumbnail?width=1000000000", Ask.Admin), "400 bad-request");
    }

    private static string Chunked(string body) =>
        Ask.Bare("POST", Batch, Ask.Header, Ask.Json, Ask.Admin, "Transfer-Encoding: chunked") + string.Create(CultureInfo.InvariantCulture, $"{body.Length:X}\r\n{body}\r\n0\r\n\r\n");

    /// <summary>As text: what matters is that nobody unpacks it.</summary>
    private static string Compressed()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) gzip.Write(new byte[1 << 20]);
        return Encoding.Latin1.GetString(packed.ToArray());
    }
}
