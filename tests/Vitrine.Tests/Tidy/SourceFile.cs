using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Vitrine.Tests.Tidy;

/// <summary>A file of the repository, as the rules see it.</summary>
/// <param name="Path">Below the repository's root, with '/'.</param>
/// <param name="Text">Empty for files that are not text.</param>
internal sealed record SourceFile(string Path, string Text)
{
    private readonly Lazy<SyntaxNode> _syntax = new(() => CSharpSyntaxTree.ParseText(Text, new(LanguageVersion.Preview)).GetRoot());

    public SyntaxNode Syntax => _syntax.Value;

    public int Lines { get; } = Text.Length == 0 ? 0 : Text.Count(c => c == '\n') + (Text[^1] == '\n' ? 0 : 1);

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>C# of the product.</summary>
    public bool IsSource => Path.StartsWith("src/", StringComparison.Ordinal) && IsCSharp;

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    /// <summary>Hand-written TypeScript or CSS of the page; what is generated stands in web/src/api.</summary>
    public bool IsPage =>
        Path.StartsWith("web/src/", StringComparison.Ordinal) && !Path.StartsWith("web/src/api/", StringComparison.Ordinal)
        && System.IO.Path.GetExtension(Path) is ".ts" or ".tsx" or ".css";

    public int LineOf(int position) => Text.AsSpan(0, position).Count('\n') + 1;

    public static int LineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}

/// <summary>Where a rule is broken, and by how much.</summary>
internal sealed record Offence(string Path, int Line, string What)
{
    public override string ToString() => $"{Path}:{Line}: {What}";
}

/// <summary>A rule over all files at once. It looks only at those that it is about.</summary>
internal sealed record Rule(string Name, Func<IReadOnlyList<SourceFile>, IEnumerable<Offence>> Check)
{
    public override string ToString() => Name;
}
