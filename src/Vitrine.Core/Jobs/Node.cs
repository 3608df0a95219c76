using Vitrine.Core.Libraries;

namespace Vitrine.Core.Jobs;

/// <summary>This process among the nodes of a store.</summary>
/// <param name="Name">Unique for each start. Those of one data folder begin with the same words, up to the last '/'.</param>
public sealed record Node(string Name)
{
    /// <summary>What the names of all nodes of this data folder begin with.</summary>
    public string Home => Name.LastIndexOf('/') is >= 0 and var end ? Name[..(end + 1)] : Name;

    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Where roots of libraries are here.</summary>
    public RootMap Roots { get; init; } = RootMap.Same;

    /// <summary>Of the program.</summary>
    public string Version { get; init; } = "";

    /// <param name="home">The name that the data folder has among the nodes: of all that run on it, one after the other.</param>
    public static Node Of(string home, string version, NodeOptions options) => new($"{home}/{Guid.CreateVersion7():N}")
    {
        Labels = NodeLabels.Parse(options.Labels), Roots = RootMap.Parse(options.Roots)!, Version = version,
    };
}
