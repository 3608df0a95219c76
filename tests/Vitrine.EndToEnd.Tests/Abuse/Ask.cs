namespace Vitrine.EndToEnd.Abuse;

/// <summary>
/// Requests as text, each byte as it goes over the wire. What stands in braces is filled in when it is sent: <c>{host}</c>, the cookies
/// <c>{admin}</c>, <c>{manager}</c> and <c>{viewer}</c>, the ids <c>{library}</c>, <c>{collection}</c> <c>{image}</c> and
/// <c>{broken}</c>, and <c>{root}</c>.
/// </summary>
internal static class Ask
{
    public const string Header = "X-Vitrine: 1";
    public const string Admin = "Cookie: vitrine={admin}";
    public const string Manager = "Cookie: vitrine={manager}";
    public const string Viewer = "Cookie: vitrine={viewer}";
    public const string Json = "Content-Type: application/json";

    public static string Get(string target, params string[] headers) => Bare("GET", target, headers);

    /// <summary>A request without a body.</summary>
    public static string Bare(string method, string target, params string[] headers) =>
        $"{method} {target} HTTP/1.1\r\nHost: {{host}}\r\nConnection: close\r\n{Lines(headers)}\r\n";

    /// <summary>JSON, with the header that unsafe methods need.</summary>
    public static string Post(string target, string body, params string[] headers) => Send("POST", target, body, [Header, Json, .. headers]);

    public static string Patch(string target, string body, params string[] headers) => Send("PATCH", target, body, [Header, Json, .. headers]);

    /// <summary>Nothing is added but the length, which is that of the body when all else is filled in.</summary>
    public static string Send(string method, string target, string body, params string[] headers) =>
        Bare(method, target, [.. headers, "Content-Length: {length}"]) + body;

    private static string Lines(string[] headers) => string.Concat(headers.Select(header => header + "\r\n"));
}
