using Vitrine.Imaging.Formats;

namespace Vitrine.Imaging.Sources;

/// <summary>Counts, by extension, the files of a container that are neither pictures nor containers.</summary>
internal sealed class OtherNames
{
    /// <summary>A folder of a million odd names must not make a million counters: those beyond share the empty one.</summary>
    private const int MaxExtensions = 100;

    private readonly Dictionary<string, int> _counts = [];

    public IReadOnlyDictionary<string, int> Counts => _counts;

    public void Add(ReadOnlySpan<byte> name)
    {
        var extension = KnownExtensions.Extension(name)?.ToLowerInvariant() ?? "";
        if (_counts.Count >= MaxExtensions && !_counts.ContainsKey(extension)) extension = "";
        _counts[extension] = _counts.GetValueOrDefault(extension) + 1;
    }
}
