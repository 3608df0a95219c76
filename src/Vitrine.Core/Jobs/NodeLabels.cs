namespace Vitrine.Core.Jobs;

/// <summary>Words that tie libraries to nodes. Pure.</summary>
public static class NodeLabels
{
    public const int Most = 20;
    public const int MaxLength = 50;

    /// <summary>A library without labels is worked on by every node; one with labels, by those that have one of them.</summary>
    public static bool Fit(IReadOnlyCollection<string> node, IReadOnlyCollection<string> library) => library.Count == 0 || library.Any(node.Contains);

    public static IReadOnlyList<string> Parse(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>What is wrong with them, in words; null where nothing is.</summary>
    public static string? Refusal(IReadOnlyCollection<string> labels) =>
        labels.Count <= Most && labels.All(label => label.Length is > 0 and <= MaxLength && label.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
            ? null
            : $"At most {Most} labels, each of 1 to {MaxLength} letters, digits, '-', '_' and '.'.";
}
