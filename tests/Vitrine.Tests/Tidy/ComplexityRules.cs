using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Vitrine.Tests.Tidy;

/// <summary>Cyclomatic complexity where less than the compiler's general limit (CodeMetricsConfig.txt) was promised.</summary>
internal static class ComplexityRules
{
    /// <summary>File, method (null for all of the file), and its limit. A file that is not there yet promises nothing.</summary>
    private static readonly (string Path, string? Method, int Limit)[] Promised =
    [
        ("src/Vitrine.Backends/Sql/SqlStatistics.cs", null, 5), // R83
        ("src/Vitrine.Core/Jobs/Rescuer.cs", null, 8), // R84
    ];

    public static IEnumerable<Offence> Methods(IReadOnlyList<SourceFile> files)
    {
        foreach (var (path, name, limit) in Promised)
        {
            if (files.FirstOrDefault(f => f.Path == path) is not { } file) continue;
            var methods = SizeRules.MethodsOf(file).Where(m => name is null || SizeRules.NameOf(m) == name).ToList();
            if (methods.Count == 0) yield return new(path, 1, $"{name ?? "any method"} with a promised complexity of {limit} is not there");
            foreach (var method in methods)
            {
                var complexity = ComplexityOf(method);
                if (complexity > limit) yield return new(path, SourceFile.LineOf(method), $"{SizeRules.NameOf(method)} has a complexity of {complexity}, at most {limit}");
            }
        }
    }

    /// <summary>One, and one for each place where the path may part.</summary>
    public static int ComplexityOf(SyntaxNode method) => 1 + method.DescendantNodes(n => n == method || n is not LocalFunctionStatementSyntax).Count(Parts);

    private static bool Parts(SyntaxNode node) => node switch
    {
        IfStatementSyntax or ConditionalExpressionSyntax or ConditionalAccessExpressionSyntax => true,
        ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax => true,
        CaseSwitchLabelSyntax or CasePatternSwitchLabelSyntax or CatchClauseSyntax => true,
        SwitchExpressionArmSyntax arm => arm.Pattern is not DiscardPatternSyntax,
        BinaryExpressionSyntax binary => binary.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression or SyntaxKind.CoalesceExpression,
        AssignmentExpressionSyntax assignment => assignment.IsKind(SyntaxKind.CoalesceAssignmentExpression),
        _ => false,
    };
}
