namespace Vitrine.Core.CacheFolders;

/// <summary>Which derivatives a clean-up is about.</summary>
public enum CleanUpScope
{
    /// <summary>All presets but <c>thumbnail</c>.</summary>
    Cache,

    Thumbnails,

    /// <summary>Both, and files whose name does not say their preset.</summary>
    All,
}

/// <summary>What a clean-up may take. Pure.</summary>
/// <param name="OlderThan">Raised to <see cref="Grace"/> where it is less.</param>
/// <param name="DryRun">Tell and sum, and change nothing.</param>
public sealed record CleanUpRequest(CleanUpScope Scope, TimeSpan OlderThan, bool DryRun)
{
    /// <summary>The least age, whatever is asked: what is younger may be on its way to its row.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(24);

    public static readonly TimeSpan Default = TimeSpan.FromDays(7);

    /// <summary>What stands as it is since before this is old enough.</summary>
    public DateTimeOffset Before(DateTimeOffset now) => now - (OlderThan > Grace ? OlderThan : Grace);

    /// <param name="preset">Null where the name does not say it.</param>
    public bool Takes(string? preset) => Scope switch
    {
        CleanUpScope.Cache => preset is not null && preset != Derivatives.Preset.Thumbnail.Name,
        CleanUpScope.Thumbnails => preset == Derivatives.Preset.Thumbnail.Name,
        _ => true,
    };
}
