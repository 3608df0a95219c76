using System.CommandLine;
using System.CommandLine.Parsing;
using Vitrine.Core.Derivatives;

namespace Vitrine.Server.Cli;

/// <summary>Options that several commands share: the same name means the same everywhere.</summary>
internal static class CommonOptions
{
    public static readonly Option<string?> Data = new("--data")
    {
        Description = "The data folder: database, settings, lock and socket. Default: ~/.local/share/vitrine",
        HelpName = "DIR",
    };

    public static readonly Option<bool> AllowNetworkData = new("--allow-network-data")
    {
        Description = "Use a data folder on a network file system, against advice.",
    };

    public static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object on standard output, and nothing else there." };

    public static readonly Option<string?> Presets = new("--presets")
    {
        Description = $"What to make of each image, parted by commas: {string.Join(", ", Preset.BuiltIn.Select(preset => preset.Name))}, or presets of your own.",
        HelpName = "LIST",
    };

    /// <summary>Before anything is done: a word that looks like an option is none of ours, and an empty path is a variable that was not set.</summary>
    public static void CheckPaths(SymbolResult result)
    {
        foreach (var token in result.Tokens)
        {
            if (token.Value.Length == 0) result.AddError("A path is empty: give the folder of images.");
            else if (token.Value[0] == '-') result.AddError($"'{token.Value}' is no option of this command; a folder of that name is './{token.Value}'.");
        }
    }

    /// <summary>Null where the option is not given.</summary>
    public static IReadOnlyList<string>? PresetList(this ParseResult parsed) =>
        parsed.GetValue(Presets)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
