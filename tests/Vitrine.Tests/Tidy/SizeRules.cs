using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Vitrine.Tests.Tidy;

/// <summary>How long, how deep and how wide code may be.</summary>
internal static class SizeRules
{
    private const int FileLines = 400;
    private const int MethodLines = 70;
    private const int Depth = 4;
    private const int ConstructorParameters = 5;

    public static IEnumerable<Offence> Files(IReadOnlyList<SourceFile> files) =>
        from file in files
        where (file.IsSource || file.IsPage) && file.Lines > FileLines
        select new Offence(file.Path, 1, $"{file.Lines} lines, at most {FileLines}");

    public static IEnumerable<Offence> Methods(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsSource
        from method in MethodsOf(file)
        let lines = LinesOf(method)
        where lines > MethodLines
        select new Offence(file.Path, SourceFile.LineOf(method), $"{NameOf(method)} has {lines} lines, at most {MethodLines}");

    public static IEnumerable<Offence> Nesting(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsSource
        from method in MethodsOf(file)
        let depth = DepthOf(method)
        where depth > Depth
        select new Offence(file.Path, SourceFile.LineOf(method), $"{NameOf(method)} is {depth} deep, at most {Depth}");

    /// <summary>Records are values, and their parameters are their members: they are exempt.</summary>
    public static IEnumerable<Offence> Constructors(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsSource
        from type in file.Syntax.DescendantNodes().OfType<TypeDeclarationSyntax>()
        where type is not RecordDeclarationSyntax
        from parameters in type.Members.OfType<ConstructorDeclarationSyntax>().Select(c => c.ParameterList).Append(type.ParameterList)
        where parameters?.Parameters.Count > ConstructorParameters
        select new Offence(file.Path, SourceFile.LineOf(parameters), $"a constructor of {type.Identifier.Text} takes {parameters.Parameters.Count}, at most {ConstructorParameters}");

    /// <summary>Methods, constructors, operators, accessors and local functions; the statements of a program are one method.</summary>
    public static IEnumerable<SyntaxNode> MethodsOf(SourceFile file)
    {
        if (file.Syntax is CompilationUnitSyntax unit && unit.Members.Any(m => m is GlobalStatementSyntax)) yield return unit;
        foreach (var node in file.Syntax.DescendantNodes())
        {
            if (node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax) yield return node;
        }
    }

    public static string NameOf(SyntaxNode method) => method switch
    {
        MethodDeclarationSyntax m => m.Identifier.Text,
        ConstructorDeclarationSyntax c => c.Identifier.Text,
        LocalFunctionStatementSyntax l => l.Identifier.Text,
        AccessorDeclarationSyntax a => $"{a.Keyword.Text} accessor",
        CompilationUnitSyntax => "the program",
        _ => "an operator",
    };

    private static int LinesOf(SyntaxNode method)
    {
        if (method is CompilationUnitSyntax unit)
            return unit.Members.OfType<GlobalStatementSyntax>().Where(g => g.Statement is not LocalFunctionStatementSyntax).Sum(LinesOf);
        var span = method.SyntaxTree.GetLineSpan(method.Span);
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }

    private static int DepthOf(SyntaxNode node) =>
        node.ChildNodes()
            .Where(child => child is not (LocalFunctionStatementSyntax or BaseTypeDeclarationSyntax))
            .Select(child => (Deepens(child) ? 1 : 0) + DepthOf(child))
            .DefaultIfEmpty()
            .Max();

    // An "else if" stands beside its "if", and a "using" that is stacked on another one stands beside that.
    private static bool Deepens(SyntaxNode node) => node switch
    {
        IfStatementSyntax => node.Parent is not ElseClauseSyntax,
        UsingStatementSyntax => node.Parent is not UsingStatementSyntax,
        ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax => true,
        SwitchStatementSyntax or TryStatementSyntax or LockStatementSyntax or FixedStatementSyntax => true,
        _ => false,
    };
}
