using System.CommandLine;
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
        Description = $"What to make of each image, parted by commas: {string.Join(", ", Preset.All.Select(preset => preset.Name))}.",
        HelpName = "LIST",
    };

    /// <summary>Null where the option is not given.</summary>
    public static IReadOnlyList<string>? PresetList(this ParseResult parsed) =>
        parsed.GetValue(Presets)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
