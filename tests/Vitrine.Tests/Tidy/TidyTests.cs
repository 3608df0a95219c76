namespace Vitrine.Tests.Tidy;

/// <summary>STYLE in rules that run: each names the offender and its number. That each can fail is shown in <see cref="TidyRuleTests"/>.</summary>
public sealed class TidyTests
{
    internal static IReadOnlyList<Rule> Rules { get; } =
    [
        new("a file is short", SizeRules.Files),
        new("a method is short", SizeRules.Methods),
        new("code is not deeply nested", SizeRules.Nesting),
        new("a constructor takes few dependencies", SizeRules.Constructors),
        new("promised complexity is kept", ComplexityRules.Methods),
        new("an interface is small and needed", ShapeRules.Interfaces),
        new("catch-alls stand in the outermost loops", ShapeRules.Catches),
        new("a type's last word says something", ShapeRules.TypeNames),
        new("no emoji", TextRules.Emoji),
        new("nothing is unfinished", TextRules.Unfinished),
        new("no path of one machine", TextRules.MachinePaths),
        new("no file named like a secret", TextRules.SecretNames),
        new("projects reference in one direction", DirectionRules.Projects),
        new("namespaces are used in one direction", DirectionRules.Namespaces),
        new("the page imports in one direction", DirectionRules.Page),
        new("a component is small", PageRules.Components),
        new("a page file's name says something", PageRules.FileNames),
        new("every folder is on the map", DocumentRules.Folders),
        new("links lead somewhere", DocumentRules.Links),
    ];

    public static TheoryData<string> RuleNames => [.. Rules.Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void The_repository_keeps(string rule)
    {
        var offences = Rules.Single(r => r.Name == rule).Check(Repository.Files).ToList();
        Assert.True(offences.Count == 0, $"{offences.Count} against \"{rule}\":\n{string.Join('\n', offences)}");
    }

    [Fact]
    public void The_repository_is_seen()
    {
        Assert.Contains(Repository.Files, f => f.IsSource);
        Assert.Contains(Repository.Files, f => f.Path == "src/Vitrine.Core/Id.cs" && f.Text.Contains("IParsable", StringComparison.Ordinal));
    }
}
