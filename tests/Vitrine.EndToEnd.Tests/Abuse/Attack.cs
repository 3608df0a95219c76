namespace Vitrine.EndToEnd.Abuse;

/// <summary>One thing that somebody hostile sends, and the answers that hold against it.</summary>
/// <param name="Name">What it tries, for the report.</param>
/// <param name="Request">See <see cref="Ask"/>.</param>
/// <param name="Held">
/// "401 unauthenticated": problem details with this code. "400": the web server's own refusal of what is no HTTP, without a body. "200 page": the page's
/// index. "200", "204", "304": an answer without harm. "closed": the connection ends without an answer.
/// </param>
internal sealed record Attack(string Name, string Request, params string[] Held)
{
    /// <summary>Whether the sender may know paths of the disk.</summary>
    public bool MayKnowPaths { get; } = Request.Contains("{admin}", StringComparison.Ordinal);
}
