using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Vitrine.EndToEnd.Abuse;

/// <summary>What came back over a connection: the first answer in parts, and all of it as it came. Status 0: nothing.</summary>
internal sealed record Answer(int Status, IReadOnlyList<(string Name, string Value)> Headers, string Body, string Raw)
{
    private const string End = "\r\n\r\n";

    /// <summary>How many answers there are: a request that hides another one gets two.</summary>
    public int Count => Raw.Split("HTTP/1.1 ").Length - 1;

    public IEnumerable<string> All(string header) =>
        Headers.Where(found => string.Equals(found.Name, header, StringComparison.OrdinalIgnoreCase)).Select(found => found.Value);

    public string? First(string header) => All(header).FirstOrDefault();

    /// <summary>The stable code of problem details; null for every other answer.</summary>
    public string? Code
    {
        get
        {
            if (Body.Length == 0 || First("Content-Type")?.StartsWith("application/problem+json", StringComparison.Ordinal) != true) return null;
            using var problem = JsonDocument.Parse(Body);
            var root = problem.RootElement;
            return root.GetProperty("status").GetInt32() == Status && root.GetProperty("title").GetString() is { Length: > 0 }
                ? root.GetProperty("code").GetString()
                : null;
        }
    }

    /// <summary>As the report shows it, and as <see cref="Attack.Held"/> names it.</summary>
    public string Short => this switch
    {
        { Status: 0 } => "closed",
        { Status: 200 } when IsPage => "200 page",
        _ when Code is { } code => string.Create(CultureInfo.InvariantCulture, $"{Status} {code}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Status}"),
    };

    private bool IsPage => First("Content-Type")?.StartsWith("text/html", StringComparison.Ordinal) == true && Body.Contains("<div id=\"root\">", StringComparison.Ordinal);

    public static Answer Parse(byte[] bytes)
    {
        var raw = Encoding.UTF8.GetString(bytes);
        var head = raw.Split(End)[0].Split("\r\n");
        if (!head[0].StartsWith("HTTP/1.", StringComparison.Ordinal)) return new(0, [], "", raw);
        var headers = head.Skip(1).Select(line => line.Split(": ", 2)).Select(parts => (parts[0], parts.Length > 1 ? parts[1] : "")).ToList();
        var body = raw[Math.Min(raw.Length, raw.IndexOf(End, StringComparison.Ordinal) + End.Length)..];
        var chunked = headers.Contains(("Transfer-Encoding", "chunked"));
        return new(int.Parse(head[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, chunked ? Joined(body) : body, raw);
    }

    /// <summary>The chunks of a body without their lengths. Lengths count bytes; what problem details hold is ASCII.</summary>
    private static string Joined(string chunks)
    {
        var whole = new StringBuilder();
        for (var at = 0; chunks.IndexOf("\r\n", at, StringComparison.Ordinal) is var end and >= 0;)
        {
            if (!int.TryParse(chunks.AsSpan(at, end - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var length) || length == 0) break;
            length = Math.Min(length, chunks.Length - end - 2);
            whole.Append(chunks, end + 2, length);
            at = end + 2 + length + 2;
            if (at >= chunks.Length) break;
        }
        return whole.ToString();
    }
}
