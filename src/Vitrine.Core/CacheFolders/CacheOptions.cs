using System.ComponentModel.DataAnnotations;

namespace Vitrine.Core.CacheFolders;

/// <summary>How cache folders are kept. Every duration is a number with its unit in the name.</summary>
public sealed record CacheOptions : IValidatableObject
{
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
        if (LowWaterPercent >= HighWaterPercent) yield return new("LowWaterPercent is below HighWaterPercent.", [nameof(LowWaterPercent)]);
    }
}
