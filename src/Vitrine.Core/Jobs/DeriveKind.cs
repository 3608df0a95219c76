using Vitrine.Core.Derivatives;

namespace Vitrine.Core.Jobs;

/// <summary>What a derive job makes, by the names that the API has for lists of presets.</summary>
public enum DeriveKind
{
    /// <summary>Nothing but the preset <c>thumbnail</c>.</summary>
    Thumbnails,

    /// <summary>Only other presets.</summary>
    Cache,

    /// <summary>Thumbnails and others.</summary>
    Both,
}

public static class DeriveKinds
{
    public static DeriveKind Of(IReadOnlyCollection<string> presets) => (presets.Contains(Preset.Thumbnail.Name), presets.Count) switch
    {
        (false, _) => DeriveKind.Cache,
        (true, 1) => DeriveKind.Thumbnails,
        _ => DeriveKind.Both,
    };

    /// <summary>What a job of that name makes when no presets are given; <c>full</c> is made on demand alone.</summary>
    public static IReadOnlyList<string> PresetsOf(DeriveKind kind) => kind switch
    {
        DeriveKind.Thumbnails => [Preset.Thumbnail.Name],
        DeriveKind.Cache => [Preset.Medium.Name, Preset.Display.Name],
        _ => [Preset.Thumbnail.Name, Preset.Medium.Name, Preset.Display.Name],
    };
}
