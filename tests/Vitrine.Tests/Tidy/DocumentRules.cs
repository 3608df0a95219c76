using System.Text.RegularExpressions;

namespace Vitrine.Tests.Tidy;

/// <summary>Documents that code can contradict.</summary>
internal static partial class DocumentRules
{
    private const string Map = "ARCHITECTURE.md";

    /// <summary>Every folder of the product is named in the map, as <c>Name/</c>.</summary>
    public static IEnumerable<Offence> Folders(IReadOnlyList<SourceFile> files)
    {
        var map = files.FirstOrDefault(f => f.Path == Map)?.Text ?? "";
        return from folder in files.Where(f => SourceRoot().IsMatch(f.Path)).SelectMany(FoldersOf).Distinct()
               where !map.Contains($"{folder[(folder.LastIndexOf('/') + 1)..]}/", StringComparison.Ordinal)
               select new Offence(folder, 1, $"not named in {Map}");
    }

    /// <summary>What a document links to below the repository is there.</summary>
    public static IEnumerable<Offence> Links(IReadOnlyList<SourceFile> files)
    {
        var there = files.SelectMany(f => FoldersOf(f).Append(f.Path)).ToHashSet();
        foreach (var file in files.Where(f => f.Path.EndsWith(".md", StringComparison.Ordinal)))
        {
            foreach (Match match in Link().Matches(file.Text))
            {
                var folder = Path.GetDirectoryName(file.Path)!;
                var target = Path.GetRelativePath("/", Path.GetFullPath(match.Groups[1].Value, $"/{folder}")).TrimEnd('/');
                if (!there.Contains(target)) yield return new(file.Path, file.LineOf(match.Index), $"links to {match.Groups[1].Value}, which is not there");
            }
        }
    }

    private static IEnumerable<string> FoldersOf(SourceFile file)
    {
        for (var end = file.Path.LastIndexOf('/'); end > 0; end = file.Path.LastIndexOf('/', end - 1)) yield return file.Path[..end];
    }

    [GeneratedRegex("^(src|web/src)/")]
    private static partial Regex SourceRoot();

    [GeneratedRegex(@"\]\((?![a-z]+:|#)([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();
}
