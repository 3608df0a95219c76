using System.CommandLine;
using Vitrine.Core.Libraries;

namespace Vitrine.Server.Cli;

/// <summary>The library that a command is about.</summary>
internal static class LibraryArgument
{
    public static readonly Argument<string> Argument = new("library") { Description = "The library's id, as 'vitrine status' shows it." };

    public static LibraryId Of(ParseResult parsed)
    {
        var text = parsed.GetRequiredValue(Argument);
        return LibraryId.TryParse(text, null, out var id) ? id : throw Refusal.WrongUse($"'{text}' is no id: give the number of a library, as 'vitrine status' shows it.");
    }

    /// <summary>The API knows no such library.</summary>
    public static Refusal Unknown(LibraryId library) => Refusal.WrongUse($"There is no library {library}: 'vitrine status' shows those that are there.");
}
