using System.Globalization;
using System.Text;

namespace Vitrine.Core.Files;

/// <summary>
/// Strangers' text, such as a file's name, for places where a character may do more than be read: a terminal obeys control characters, a line break begins an
/// entry of a log that nobody wrote, and bidirectional marks show a name in another order than it has. Pure.
/// </summary>
public static class PlainText
{
    /// <summary>Such a character as \uXXXX, so that it can be seen and does nothing.</summary>
    public static string Escape(string text) => Replace(text, (to, character) => to.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}"));

    /// <summary>Such a character, and what separates folders, as '_': a name for a file that somebody saves.</summary>
    public static string FileName(string text) => Replace(text, (to, _) => to.Append('_')).Replace('/', '_').Replace('\\', '_');

    public static bool IsPlain(string text) => !text.Any(IsActive);

    private static string Replace(string text, Action<StringBuilder, char> active)
    {
        if (IsPlain(text)) return text;
        var plain = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            if (IsActive(character)) active(plain, character);
            else plain.Append(character);
        }
        return plain.ToString();
    }

    /// <summary>Controls (C0, C1), line and paragraph separators, and the formatting characters, of which the bidirectional ones and those without width are some.</summary>
    private static bool IsActive(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
