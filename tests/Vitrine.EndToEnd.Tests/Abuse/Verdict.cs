using System.Text.RegularExpressions;

namespace Vitrine.EndToEnd.Abuse;

/// <summary>What no answer may show, whatever was asked, and whether it is one of those that hold.</summary>
/// <param name="folder">Where the test's library and data folder stand: a path that only those who manage them may know.</param>
/// <param name="secret">What stands in a file outside the library.</param>
internal sealed partial class Verdict(string folder, string secret)
{
    /// <summary>Null: it held. Otherwise what broke.</summary>
    public string? Of(Attack attack, Answer answer)
    {
        if (!attack.Held.Contains(answer.Short)) return $"held is {string.Join(" or ", attack.Held)}";
        return OfAny(answer, attack.MayKnowPaths);
    }

    public string? OfAny(Answer answer, bool mayKnowPaths) => answer switch
    {
        { Status: >= 500 and not 505 } and not { Code: "set-up-needed" or "not-ready" or "source-unavailable" } => "the server failed",
        { Status: >= 300 and < 400 and not 304 } => "a redirection",
        { Status: >= 400, Body.Length: > 0, Code: null } => "a refusal that is no problem details",
        _ when answer.First("Location") is { } location && !location.StartsWith("/api/v1/", StringComparison.Ordinal) => $"a Location: {location}",
        _ when answer.Raw.Contains(secret, StringComparison.Ordinal) => "a file from outside the library",
        _ when Trace().IsMatch(answer.Raw) => "text of an exception",
        _ when !mayKnowPaths && answer.Raw.Contains(folder, StringComparison.Ordinal) => "a path of the disk",
        _ when answer.All("Access-Control-Allow-Origin").Any() => "another site may read it",
        _ => null,
    };

    [GeneratedRegex(@"\n\s+at [\w.<>]+\(|\w+Exception\b|\bSystem\.[A-Z]\w+|\.cs:line|SQLite Error")]
    private static partial Regex Trace();
}
