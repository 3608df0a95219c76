namespace Vitrine.Server.Security.OpenId;

/// <summary>Where the page goes on after signing in: a path of this server and nothing else. Pure.</summary>
internal static class LocalPath
{
    public const int MaxLength = 2000;

    /// <summary>
    /// Browsers take <c>//host</c> and <c>/\host</c> for another server, leave tabs and line ends out before they look, and would take a control character
    /// into a header.
    /// </summary>
    public static bool IsOne(string text) =>
        text.Length is > 0 and <= MaxLength && text[0] == '/' && (text.Length == 1 || text[1] is not ('/' or '\\'))
        && !text.Any(character => char.IsControl(character) || character is '\\' or > '~');
}
