using System.ComponentModel.DataAnnotations;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Jobs;

/// <summary>What this process is among those that share a store. Lists are parted by ';'.</summary>
public sealed record NodeOptions : IValidatableObject
{
    /// <summary>A name that no other node has. Empty: the machine's, with a number that the data folder keeps.</summary>
    [StringLength(100)]
    public string Name { get; init; } = "";

    /// <summary>Labels of this node, as in 'nas; attic': a library that names labels is worked on by nodes that have one of them.</summary>
    [StringLength(1000)]
    public string Labels { get; init; } = "";

    /// <summary>Roots of libraries that are at another place on this node, as in '/srv/photos=/mnt/nas/photos'. One that is at the same place on another kind of mount is named with its own: '/srv/photos=/srv/photos'.</summary>
    [StringLength(10_000)]
    public string Roots { get; init; } = "";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Name.Contains('/', StringComparison.Ordinal) || Name.Any(char.IsControl)) yield return new("A node's name has no '/' and no control characters.", [nameof(Name)]);
        if (NodeLabels.Refusal(NodeLabels.Parse(Labels)) is { } refusal) yield return new(refusal, [nameof(Labels)]);
        if (RootMap.Parse(Roots) is null) yield return new("Each part is two absolute paths with '=' between them, and no root is named twice.", [nameof(Roots)]);
    }
}
