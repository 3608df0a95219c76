using System.Text.Json.Serialization;
using Vitrine.Core.CacheFolders;
using Vitrine.Core;
using Vitrine.Core.Libraries;

namespace Vitrine.Server.Cli;

/// <summary>What <c>import --json</c> prints. Users' scripts depend on these names.</summary>
/// <param name="Completed">Images that are ready; with skipped and failed ones they are all images.</param>
/// <param name="CpuSeconds">User and system time of the server and all its children.</param>
/// <param name="PeakMemoryBytes">Of the same processes together, proportional set size.</param>
internal sealed record ImportSummary(
    long Collections, long Images, long Completed, long Skipped, long Failed, IReadOnlyDictionary<string, DerivativeCount> Derivatives,
    IReadOnlyList<ImportFailure> Failures, double ElapsedSeconds, double CpuSeconds, long PeakMemoryBytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<ImportHeld>? Held = null);

/// <summary>What a library lost or has otherwise now, and keeps until somebody approves that.</summary>
internal sealed record ImportHeld(LibraryId Library, long Removed, long Redone);

internal sealed record ImportFailure(string Source, string Code, string? Message);

/// <summary>What <c>verify --json</c> prints. Users' scripts depend on these names.</summary>
internal sealed record VerifySummary(long Images, long Rows, long Files, long Orphans, long Missing, long Damaged, bool CountersEqual)
{
    /// <summary>True where <c>--minutes</c> ended it before its end.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Incomplete { get; init; }

    /// <summary>With <c>--repair</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VerifyRepair? Repair { get; init; }
}

internal enum FindingLevel { Ok, Warning, Error }

/// <summary>One line of doctor.</summary>
/// <param name="Detail">What was found, and with a warning or an error what to do.</param>
internal sealed record Finding(string Check, FindingLevel Level, string Detail);
