namespace Vitrine.Core.Libraries;

/// <summary>Where the roots of libraries are on one node. What is not named is where the store says. Pure.</summary>
public sealed class RootMap
{
    private readonly Dictionary<string, string> _places;

    private RootMap(Dictionary<string, string> places) => _places = places;

    /// <summary>All roots are where the store says.</summary>
    public static RootMap Same { get; } = new([]);

    /// <summary>Of '/recorded=/here' parted by ';'. Null where it is none.</summary>
    public static RootMap? Parse(string text)
    {
        var places = new Dictionary<string, string>();
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.Split('=', StringSplitOptions.TrimEntries) is not [['/', ..] recorded, ['/', ..] here] || !places.TryAdd(Clean(recorded), Clean(here))) return null;
        }
        return new(places);
    }

    /// <param name="root">As the store says, or as this has answered already.</param>
    public string Here(string root) => _places.GetValueOrDefault(root, root);

    /// <summary>Whether the root is named: then its mount here need not be the recorded one.</summary>
    public bool Names(string root) => _places.ContainsKey(root);

    private static string Clean(string path) => path.Length == 1 ? path : path.TrimEnd('/');
}
