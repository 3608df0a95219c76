using System.Text.RegularExpressions;

namespace Vitrine.Tests.Tidy;

/// <summary>The page's components and file names.</summary>
internal static partial class PageRules
{
    private const int ComponentLines = 200;
    private const int States = 5;

    public static IEnumerable<Offence> Components(IReadOnlyList<SourceFile> files)
    {
        foreach (var file in files.Where(f => f.IsPage && f.Path.EndsWith(".tsx", StringComparison.Ordinal) && !f.Path.Contains(".test.", StringComparison.Ordinal)))
        {
            var states = UseState().Count(file.Text);
            if (file.Lines > ComponentLines) yield return new(file.Path, 1, $"a component of {file.Lines} lines, at most {ComponentLines}");
            if (states > States) yield return new(file.Path, 1, $"{states} useState, at most {States}");
        }
    }

    public static IEnumerable<Offence> FileNames(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsPage && EmptyWord().IsMatch(file.Name)
        select new Offence(file.Path, 1, "a name that says nothing");

    [GeneratedRegex(@"\buseState\s*[<(]")]
    private static partial Regex UseState();

    [GeneratedRegex(@"(?:^|[a-z0-9-])(?:[Mm]anager|[Hh]elpers?|[Uu]tils?|Base|Impl)\.(?:test\.)?tsx?$")]
    private static partial Regex EmptyWord();
}
