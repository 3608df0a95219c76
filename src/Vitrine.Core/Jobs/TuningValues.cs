namespace Vitrine.Core.Jobs;

/// <summary>Options of the engine that are set while it runs; null where the file's or the default value holds.</summary>
/// <param name="Windows">As in <see cref="EngineOptions.WorkWindows"/>, one each; empty for always.</param>
public sealed record TuningValues(
    int? Workers = null, int? Nice = null, bool? YieldWhileViewing = null, int? YieldSeconds = null, int? YieldAtMostSeconds = null,
    IReadOnlyList<string>? Windows = null, string? TimeZone = null)
{
    /// <summary>The options as these values leave them.</summary>
    public EngineOptions Over(EngineOptions configured) => configured with
    {
        Workers = Workers ?? configured.Workers,
        Nice = Nice ?? configured.Nice,
        YieldWhileViewing = YieldWhileViewing ?? configured.YieldWhileViewing,
        YieldSeconds = YieldSeconds ?? configured.YieldSeconds,
        YieldAtMostSeconds = YieldAtMostSeconds ?? configured.YieldAtMostSeconds,
        WorkWindows = Windows is null ? configured.WorkWindows : string.Join("; ", Windows),
        TimeZone = TimeZone ?? configured.TimeZone,
    };

    /// <summary>These values with those that another names.</summary>
    public TuningValues With(TuningValues change) => new(
        change.Workers ?? Workers, change.Nice ?? Nice, change.YieldWhileViewing ?? YieldWhileViewing, change.YieldSeconds ?? YieldSeconds,
        change.YieldAtMostSeconds ?? YieldAtMostSeconds, change.Windows ?? Windows, change.TimeZone ?? TimeZone);

    /// <summary>Without one value, by its name in any case; null where there is none of that name.</summary>
    public TuningValues? Without(string name) => name.ToLowerInvariant() switch
    {
        "workers" => this with { Workers = null },
        "nice" => this with { Nice = null },
        "yieldwhileviewing" => this with { YieldWhileViewing = null },
        "yieldseconds" => this with { YieldSeconds = null },
        "yieldatmostseconds" => this with { YieldAtMostSeconds = null },
        "windows" => this with { Windows = null },
        "timezone" => this with { TimeZone = null },
        _ => null,
    };
}
