using System.Collections.Frozen;

namespace Vitrine.Core.Derivatives;

/// <summary>The presets as they are at one moment.</summary>
public sealed class PresetSet
{
    private readonly Preset[] _all;
    private readonly FrozenDictionary<string, Preset> _byName;

    public PresetSet(IEnumerable<Preset> presets)
    {
        _all = [.. presets.OrderBy(preset => preset.MaxEdge ?? int.MaxValue).ThenBy(preset => preset.Name, StringComparer.Ordinal)];
        _byName = _all.ToFrozenDictionary(preset => preset.Name);
    }

    public static PresetSet BuiltIn { get; } = new(Preset.BuiltIn);

    /// <summary>Smallest first.</summary>
    public IReadOnlyList<Preset> All => _all;

    public Preset? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>They are few: looking at each is quicker than hashing the name.</summary>
    public Preset? Find(ReadOnlySpan<char> name)
    {
        foreach (var preset in _all)
            if (name.SequenceEqual(preset.Name)) return preset;
        return null;
    }

    /// <summary>What is wrong with a list of presets to make, in one line; null where each exists and is named once, and there is at least one.</summary>
    public string? ProblemOf(IReadOnlyList<string> names)
    {
        // JSON can hold a null where the type says that there is none.
        if (names.Any(name => name is null || Find(name) is null))
            return $"'{names.First(name => name is null || Find(name) is null)}' is no preset: there are {string.Join(", ", All.Select(preset => preset.Name))}.";
        return names.Count == 0 || names.Distinct().Count() < names.Count ? "At least one preset is made, and each is named once." : null;
    }
}
