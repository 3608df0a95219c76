namespace Vitrine.EndToEnd.Abuse.Attacks;

/// <summary>
/// Requests whose end two servers in a row may see at different places. The hidden one carries a cookie and would be answered with the caller's name: an
/// answer beside the refusal is a second one.
/// </summary>
internal static class Smuggling
{
    private const string Hidden = "GET /api/v1/session HTTP/1.1\r\nHost: {host}\r\nCookie: vitrine={viewer}\r\nConnection: close\r\n\r\n";
    private const string Start = "POST /api/v1/session HTTP/1.1\r\nHost: {host}\r\nX-Vitrine: 1\r\nContent-Type: application/json\r\n";

    public static IEnumerable<Attack> All()
    {
        foreach (var (name, headers) in Lengths()) yield return new(name, $"{Start}{headers}\r\n0\r\n\r\n{Hidden}", "400", "400 bad-request");
        foreach (var (name, chunks) in Chunks()) yield return new(name, $"{Start}Transfer-Encoding: chunked\r\n\r\n{chunks}{Hidden}", "400", "400 bad-request");
        yield return new("a body on GET", $"GET /health/live HTTP/1.1\r\nHost: {{host}}\r\nContent-Length: {Hidden.Length}\r\nConnection: close\r\n\r\n{Hidden}", "200");
        yield return new("a request behind one that closes", $"GET /health/live HTTP/1.1\r\nHost: {{host}}\r\nConnection: close\r\n\r\n{Hidden}", "200");
        yield return new("a chunked body on HTTP/1.0", $"POST /api/v1/session HTTP/1.0\r\nHost: {{host}}\r\nX-Vitrine: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Hidden}", "400", "411", "415 bad-request", "400 bad-request");
    }

    private static IEnumerable<(string, string)> Lengths()
    {
        yield return ("two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n");
        yield return ("two lengths in one header", "Content-Length: 5, 6\r\n");
        yield return ("a length with a sign", "Content-Length: +5\r\n");
        yield return ("a negative length", "Content-Length: -1\r\n");
        yield return ("a length in hex", "Content-Length: 0x5\r\n");
        yield return ("a length with a blank", "Content-Length: 5 5\r\n");
        yield return ("a length beyond numbers", "Content-Length: 99999999999999999999999\r\n");
        yield return ("a coding that is not known", "Transfer-Encoding: xchunked\r\n");
        yield return ("chunked before another coding", "Transfer-Encoding: chunked, identity\r\n");
        yield return ("chunked with a vertical tab", "Transfer-Encoding: \vchunked\r\n");
        yield return ("chunked behind a blank name", "Transfer-Encoding : chunked\r\n");
    }

    private static IEnumerable<(string, string)> Chunks()
    {
        yield return ("a chunk's length with a sign", "+5\r\nhello\r\n0\r\n\r\n");
        yield return ("a chunk's length in 0x", "0x5\r\nhello\r\n0\r\n\r\n");
        yield return ("a chunk's length beyond numbers", "FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n");
        yield return ("a chunk longer than it says", "5\r\nhello you\r\n0\r\n\r\n");
        yield return ("a chunk's length with a blank", "5 \r\nhello\r\n0\r\n\r\n");
        yield return ("a chunk's end without CR", "5\r\nhello\n0\n\n");
    }
}
