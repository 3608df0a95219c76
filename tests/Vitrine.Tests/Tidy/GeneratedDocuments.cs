using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Vitrine.Core.Jobs;

namespace Vitrine.Tests.Tidy;

/// <summary>Documents that are made from the code, so that they cannot say anything else.</summary>
internal static partial class GeneratedDocuments
{
    private const string Settings = "src/Vitrine.Server/Hosting/Settings.cs";

    public static string ReasonCodes(IEnumerable<Reason> reasons)
    {
        var page = new StringBuilder("# Reason codes\n\nWhy an item was skipped or failed, why a container could not be read, or why a job waits. The codes are stable.\n")
            .Append("Made from `Reason.All`; to write it anew: `VITRINE_WRITE_DOCS=1 ./test`.\n\n| code | meaning | may end otherwise when tried again | the decoder's judgement: tried again by itself when the decoder is another version |\n|---|---|---|---|\n");
        foreach (var reason in reasons) page.Append(CultureInfo.InvariantCulture, $"| `{reason.Code}` | {reason.Meaning} | {(reason.Retryable ? "yes" : "no")} | {(reason.OfDecoder ? "yes" : "no")} |\n");
        return page.ToString();
    }

    /// <summary>The sections are the parameters of the record <c>Settings</c>; their options are read from the source, because only it holds the comments.</summary>
    public static string Configuration(IReadOnlyList<SourceFile> files)
    {
        var page = new StringBuilder("# Configuration\n\n")
            .Append("Options are read from `DATA/vitrine.json` (`{\"Engine\": {\"Workers\": 2}}`), then from the environment (`VITRINE__Engine__Workers=2`), then from the command line;\n")
            .Append("the later one wins. They are checked at the start: a value out of its range, or a name that is not known, ends the program with a line that names it.\n")
            .Append("Made from the code; to write it anew: `VITRINE_WRITE_DOCS=1 ./test`.\n");
        foreach (var (section, type) in Sections(files)) AppendSection(page, section, Declared(files, type));
        return page.ToString();
    }

    private static IEnumerable<(string Section, string Type)> Sections(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.Path == Settings
        from record in file.Syntax.DescendantNodes().OfType<RecordDeclarationSyntax>()
        where record.Identifier.Text == "Settings"
        from parameter in record.ParameterList?.Parameters ?? []
        select (parameter.Identifier.Text, parameter.Type!.ToString());

    private static RecordDeclarationSyntax Declared(IReadOnlyList<SourceFile> files, string type) =>
        files.Where(f => f.IsSource).SelectMany(f => f.Syntax.DescendantNodes().OfType<RecordDeclarationSyntax>()).Single(r => r.Identifier.Text == type);

    private static void AppendSection(StringBuilder page, string section, RecordDeclarationSyntax options)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## {section}\n\n{Summary(options)}\n\n| option | default | range | meaning |\n|---|---|---|---|\n");
        foreach (var option in options.Members.OfType<PropertyDeclarationSyntax>().Where(p => p.AccessorList?.Accessors.Any(a => a.Keyword.Text == "init") == true))
            page.Append(CultureInfo.InvariantCulture, $"| `{option.Identifier.Text}` | {Code(Default(option))} | {Range(option)} | {Summary(option)} |\n");
    }

    private static string Default(PropertyDeclarationSyntax option) =>
        option.Initializer is { } given ? Plain(given.Value) : option.Type.ToString() switch { "bool" => "false", "bool?" => "", "string" or "string?" => "", _ => "0" };

    private static string Range(PropertyDeclarationSyntax option)
    {
        var attributes = option.AttributeLists.SelectMany(list => list.Attributes).ToLookup(a => a.Name.ToString(), a => a.ArgumentList?.Arguments.Select(v => Plain(v.Expression)).ToList() ?? []);
        if (attributes["Range"].FirstOrDefault() is [var least, var most, ..]) return $"{least} to {most}";
        if (attributes["StringLength"].FirstOrDefault() is [var length, ..]) return $"at most {length} characters";
        return option.Type.ToString() is "bool" or "bool?" ? "true, false" : "";
    }

    // Numbers are written out: who sets an option does not compute 500L << 20.
    private static string Plain(ExpressionSyntax value)
    {
        if (value is LiteralExpressionSyntax literal) return literal.Token.Value is string text ? text : Number(literal.Token.Value);
        if (value is BinaryExpressionSyntax { Left: LiteralExpressionSyntax left, Right: LiteralExpressionSyntax right } shift && shift.OperatorToken.Text == "<<")
            return Number(Convert.ToInt64(left.Token.Value, CultureInfo.InvariantCulture) << Convert.ToInt32(right.Token.Value, CultureInfo.InvariantCulture));
        return value.ToString();
    }

    private static string Number(object? value) => value is bool truth ? (truth ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static string Code(string text) => text.Length == 0 ? "" : $"`{text}`";

    private static string Summary(SyntaxNode member)
    {
        var comment = string.Concat(member.GetLeadingTrivia().Select(t => t.ToFullString()));
        var summary = SummaryElement().Match(comment.Replace("///", "", StringComparison.Ordinal)).Groups[1].Value;
        return Spaces().Replace(Tag().Replace(Reference().Replace(summary, m => m.Groups[1].Value), ""), " ").Trim();
    }

    [GeneratedRegex("<summary>(.*?)</summary>", RegexOptions.Singleline)]
    private static partial Regex SummaryElement();

    [GeneratedRegex("""<(?:see|paramref|inheritdoc)\s+\w+="(?:[\w.]*\.)?(\w+)"\s*/>""")]
    private static partial Regex Reference();

    [GeneratedRegex("</?[a-z]+>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
