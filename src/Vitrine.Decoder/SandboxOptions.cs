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

    /// <summary>The process that it ends with; 0 where the end of its input is the only sign.</summary>
    public int Parent { get; init; }

    /// <summary>Of the second stage: the version of Landlock that the first has taken; 0 for none.</summary>
    public int FileRules { get; init; }

    /// <summary>Null where an argument is unknown or out of its range.</summary>
    public static SandboxOptions? Parse(IReadOnlyList<string> args)
    {
        if (args.Count % 2 != 0) return null;
        SandboxOptions? options = new();
        for (var i = 0; i < args.Count && options is not null; i += 2)
            options = long.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? options.With(args[i], number) : options.With(args[i], args[i + 1]);
        return options;
    }

    private SandboxOptions? With(string name, long number) => name switch
    {
        "--memory" when number >= LeastMemory => this with { MemoryBytes = number },
        "--nice" when number <= 19 => this with { Nice = (int)number },
        "--parent" when number is > 0 and <= int.MaxValue => this with { Parent = (int)number },
        "--file-rules" when number <= int.MaxValue => this with { FileRules = (int)number },
        _ => null,
    };

    private SandboxOptions? With(string name, string text) => name switch
    {
        "--libraries" when Path.IsPathRooted(text) => this with { Libraries = text },
        "--formats" => this with { Formats = Names(text) },
        "--confined-formats" => this with { Confined = Names(text) },
        "--read" when Path.IsPathRooted(text) => this with { Roots = [.. Roots, text] },
        "--stage" when text == "two" => this with { Stage = 2 },
        _ => null,
    };

    private static string[] Names(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
