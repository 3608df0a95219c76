using System.ComponentModel.DataAnnotations;

namespace Vitrine.Core.CacheFolders;

/// <summary>How cache folders are kept. Every duration is a number with its unit in the name.</summary>
public sealed record CacheOptions : IValidatableObject
{
    /// <summary>Where a new installation makes its first cache folder; empty: 'cache' in the data folder. Where several nodes share it: a directory that all have at this place.</summary>
    [StringLength(4096)]
    public string FirstFolder { get; init; } = "";

    /// <summary>Percent of a folder's limit above which work that somebody waits for evicts what was not used for longest.</summary>
    [Range(2, 100)]
    public int HighWaterPercent { get; init; } = 85;

    /// <summary>Percent of a folder's limit down to which it evicts; below HighWaterPercent.</summary>
    [Range(1, 99)]
    public int LowWaterPercent { get; init; } = 75;

    /// <summary>How often what was written to cache folders is made safe against a stop of the machine; what is younger is checked after one.</summary>
    [Range(10, 86_400)]
    public int CheckpointSeconds { get; init; } = 300;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (FirstFolder.Length > 0 && !Path.IsPathFullyQualified(FirstFolder)) yield return new("It is an absolute path.", [nameof(FirstFolder)]);
        if (LowWaterPercent >= HighWaterPercent) yield return new("LowWaterPercent is below HighWaterPercent.", [nameof(LowWaterPercent)]);
    }
}
