namespace Vitrine.EndToEnd.Abuse.Attacks;

/// <summary>What is wrong in each of the ways that have a status of their own, and values that are none of the type that is asked for.</summary>
internal static class BadInput
{
    private static readonly string[] Bodies =
    [
        "", "null", "true", "0", "\"\"", "[]", "[[]]", "{", "}", "{}{}", "{\"\": 1}", "{\"ids\": null}", "{\"ids\": {}}", "{\"ids\": [null]}", "{\"ids\": [1]}", "{\"ids\": [[]]}", "{\"ids\": [\"\"]}",
        "{\"ids\": [\"1\"],}", "{'ids': []}", "{\"ids\": [\"1\" /* a */]}", "{\"ids\": [\"1\\u0000\"]}", "{\"ids\": [\"\\ud800\"]}", "NaN", "{\"ids\": NaN}", "\ufeff{\"ids\": [\"x\"]}", "{\"$type\": \"System.Object\"}",
        "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>", "a: &a [*a]",
    ];

    public static IEnumerable<Attack> All()
    {
        foreach (var body in Bodies) yield return new($"the body {(body.Length == 0 ? "(none)" : body)}", Ask.Post("/api/v1/images/batch", body, Ask.Admin), body == "{}{}" ? ["400 bad-request", "200"] : ["400 bad-request"]);
        foreach (var type in new[] { "text/xml", "application/xml", "text/plain", "multipart/form-data; boundary=x", "application/json; charset=utf-7", "application/x-yaml", "json", "*/*" })
            yield return new($"Content-Type: {type}", Ask.Send("POST", "/api/v1/images/batch", "{\"ids\": []}", Ask.Header, $"Content-Type: {type}", Ask.Admin), "415 bad-request", "400 bad-request");
        foreach (var accept in new[] { "text/xml", "image/*;q=0", "nonsense", "*/*;q=-1" }) yield return new($"Accept: {accept}", Ask.Get("/api/v1/session", $"Accept: {accept}", Ask.Viewer), "200", "406 bad-request", "400 bad-request");
        foreach (var query in new[] { "limit=", "limit=-1", "limit=1e2", "limit=0x10", "limit=1&limit=2", "sort=", "sort=1", "sort=name,images", "sort=name;drop%20table%20images", "descending=2", "descending=yes", "library=*", "library=1'--", "library=9223372036854775807", "cursor=%00", "cursor=.", "cursor=-1", "cursor=1.2.3", "search=%00", "search=%25%27%22", "search=%ff%fe", "search=%ud800" })
            yield return new($"collections?{query}", Ask.Get($"/api/v1/collections?{query}", Ask.Admin), "400 bad-request", "400 bad-cursor", "200");
        yield return new("an effectiveness of all time", Ask.Get("/api/v1/cache/effectiveness?from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z", Ask.Admin), "200", "400 bad-request");
        yield return new("a time that is none", Ask.Get("/api/v1/cache/effectiveness?from=yesterday", Ask.Admin), "400 bad-request");
        yield return new("a time zone that is a path", Ask.Post("/api/v1/cache/schedules", """{"kind": "verify", "cron": "0 0 * * *", "timeZone": "../../../../etc/passwd"}""", Ask.Admin), "400 unknown-time-zone", "400 bad-kind", "400 bad-request");
        yield return new("a cron that never ends", Ask.Post("/api/v1/cache/schedules", """{"kind": "scan", "libraryId": "{library}", "cron": "*/0 */0 99 99 9"}""", Ask.Admin), "400 bad-cron", "400 bad-request");
        yield return new("a conflict", Ask.Post("/api/v1/libraries", """{"root": "{root}"}""", Ask.Admin), "409 conflict");
        yield return new("a name that is taken", Ask.Post("/api/v1/users", """{"name": "vera", "password": "correct horse battery"}""", Ask.Admin), "409 conflict");
        yield return new("a change that nobody holds", Ask.Bare("POST", "/api/v1/libraries/{library}/brake/approve", Ask.Header, Ask.Admin), "409 conflict");
        yield return new("a picture that cannot be made", Ask.Get("/api/v1/images/{broken}/thumbnail", Ask.Admin), "422 corrupt");
    }
}
