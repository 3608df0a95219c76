using System.Globalization;

namespace Vitrine.Decoder;

/// <summary>The arguments: the parent gives the limits, the first stage adds <c>--stage two</c>.</summary>
internal sealed record SandboxOptions
{
    private const long LeastMemory = 128L << 20;
    private const long DefaultMemory = 1L << 30;

    public int Stage { get; init; } = 1;

    /// <summary>RLIMIT_DATA.</summary>
    public long MemoryBytes { get; init; } = DefaultMemory;

    /// <summary>0 to 19.</summary>
    public int Nice { get; init; }

    /// <summary>The folder of the system's libvips; null for the bundled one.</summary>
    public string? Libraries { get; init; }

    /// <summary>What the system's may read.</summary>
    public IReadOnlyList<string> Formats { get; init; } = [];

    /// <summary>What it may read besides where the whole sandbox holds.</summary>
    public IReadOnlyList<string> Confined { get; init; } = [];

    /// <summary>Folders below which the originals are. Nothing else that belongs to anybody is read.</summary>
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>Of the second stage: the version of Landlock that the first has taken; 0 for none.</summary>
    public int FileRules { get; init; }

    /// <summary>Null where an argument is unknown or out of its range.</summary>
    public static SandboxOptions? Parse(IReadOnlyList<string> args)
    {
        var options = new SandboxOptions();
        for (var i = 0; i + 1 < args.Count; i += 2)
        {
            var isNumber = long.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            switch (args[i])
            {
                case "--memory" when isNumber && number >= LeastMemory:
                    options = options with { MemoryBytes = number };
                    break;
                case "--nice" when isNumber && number <= 19:
                    options = options with { Nice = (int)number };
                    break;
                case "--libraries" when Path.IsPathRooted(args[i + 1]):
                    options = options with { Libraries = args[i + 1] };
                    break;
                case "--formats":
                    options = options with { Formats = Names(args[i + 1]) };
                    break;
                case "--confined-formats":
                    options = options with { Confined = Names(args[i + 1]) };
                    break;
                case "--read" when Path.IsPathRooted(args[i + 1]):
                    options = options with { Roots = [.. options.Roots, args[i + 1]] };
                    break;
                case "--file-rules" when isNumber && number <= int.MaxValue:
                    options = options with { FileRules = (int)number };
                    break;
                case "--stage" when args[i + 1] == "two":
                    options = options with { Stage = 2 };
                    break;
                default:
                    return null;
            }
        }
        return args.Count % 2 == 0 ? options : null;
    }

    private static string[] Names(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
