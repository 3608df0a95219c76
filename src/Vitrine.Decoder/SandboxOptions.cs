using System.Globalization;

namespace Vitrine.Decoder;

/// <summary>The arguments: the parent gives the limits, the first stage adds <c>--stage two</c>.</summary>
/// <param name="MemoryBytes">RLIMIT_DATA.</param>
/// <param name="Nice">0 to 19.</param>
/// <param name="Libraries">The folder of the system's libvips; null for the bundled one.</param>
/// <param name="Formats">What the system's may read.</param>
internal sealed record SandboxOptions(int Stage, long MemoryBytes, int Nice, string? Libraries, IReadOnlyList<string> Formats)
{
    private const long LeastMemory = 128L << 20;
    private const long DefaultMemory = 1L << 30;

    /// <summary>Null where an argument is unknown or out of its range.</summary>
    public static SandboxOptions? Parse(IReadOnlyList<string> args)
    {
        var options = new SandboxOptions(1, DefaultMemory, 0, null, []);
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
                    options = options with { Formats = args[i + 1].Split(',', StringSplitOptions.RemoveEmptyEntries) };
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
}
