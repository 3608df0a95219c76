using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Vitrine.Tests.Tidy;

/// <summary>Who may know whom: Server → Backends → Core, Decoder → Imaging → Core; on the page app → features → shared.</summary>
internal static partial class DirectionRules
{
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Vitrine.Core"] = [],
        ["Vitrine.Imaging"] = ["Vitrine.Core"],
        ["Vitrine.Decoder"] = ["Vitrine.Core", "Vitrine.Imaging"],
        ["Vitrine.Backends"] = ["Vitrine.Core"],
        ["Vitrine.Server"] = ["Vitrine.Core", "Vitrine.Backends"],
    };

    /// <summary>Packages that one project alone may reference: codecs and archive readers, databases and brokers.</summary>
    private static readonly Dictionary<string, string> Home = new()
    {
        ["NetVips"] = "Vitrine.Imaging", ["NetVips.Native.linux-x64"] = "Vitrine.Decoder", ["SharpCompress"] = "Vitrine.Imaging",
        ["Dapper"] = "Vitrine.Backends", ["Microsoft.Data.Sqlite"] = "Vitrine.Backends", ["Npgsql"] = "Vitrine.Backends",
        ["MongoDB.Driver"] = "Vitrine.Backends", ["RabbitMQ.Client"] = "Vitrine.Backends",
    };

    /// <summary>A reference without an output assembly only orders the build, and is no use.</summary>
    public static IEnumerable<Offence> Projects(IReadOnlyList<SourceFile> files)
    {
        foreach (var file in files.Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal) && f.Path.EndsWith(".csproj", StringComparison.Ordinal)))
        {
            var project = ProjectOf(file);
            foreach (Match match in Reference().Matches(file.Text))
            {
                var name = Path.GetFileNameWithoutExtension(match.Groups["name"].Value.Replace('\\', '/'));
                var refused = match.Groups["kind"].Value == "Package"
                    ? Home.GetValueOrDefault(match.Groups["name"].Value, project) != project
                    : !match.Value.Contains("ReferenceOutputAssembly=\"false\"", StringComparison.Ordinal) && !Allows(project, name);
                if (refused) yield return new(file.Path, file.LineOf(match.Index), $"{project} may not reference {match.Groups["name"].Value}");
            }
        }
    }

    /// <summary>Also names that are written out where they are used.</summary>
    public static IEnumerable<Offence> Namespaces(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsSource
        from token in file.Syntax.DescendantTokens()
        where token.IsKind(SyntaxKind.IdentifierToken) && token.Text == "Vitrine" && token.GetNextToken().IsKind(SyntaxKind.DotToken)
        let used = $"Vitrine.{token.GetNextToken().GetNextToken().Text}"
        where MayUse.ContainsKey(used) && !Allows(ProjectOf(file), used)
        select new Offence(file.Path, file.LineOf(token.SpanStart), $"{ProjectOf(file)} may not use {used}");

    /// <summary>shared knows nothing above it, and a feature knows no other feature. Tests may stand anything up.</summary>
    public static IEnumerable<Offence> Page(IReadOnlyList<SourceFile> files)
    {
        foreach (var file in files.Where(f => f.IsPage && !f.Path.Contains(".test.", StringComparison.Ordinal) && !f.Path.StartsWith("web/src/testing/", StringComparison.Ordinal)))
        {
            foreach (Match match in Import().Matches(file.Text))
            {
                var (from, to) = (LayerOf(file.Path), LayerOf(Resolve(file.Path, match.Groups[1].Value)));
                if (to.Rank > from.Rank || (to.Rank == 1 && from.Rank == 1 && to.Feature != from.Feature))
                    yield return new(file.Path, file.LineOf(match.Index), $"{from.Name} may not import {match.Groups[1].Value}");
            }
        }
    }

    private static bool Allows(string project, string used) => used == project || (MayUse.TryGetValue(project, out var may) && may.Contains(used));

    private static string ProjectOf(SourceFile file) => file.Path.Split('/')[1];

    private static string Resolve(string importer, string import)
    {
        if (import.StartsWith("@/", StringComparison.Ordinal)) return $"web/src/{import[2..]}";
        if (!import.StartsWith('.')) return import;
        var root = Path.GetFullPath("/");
        return Path.GetRelativePath(root, Path.GetFullPath(import, Path.GetFullPath(Path.GetDirectoryName(importer)!, root))).Replace('\\', '/');
    }

    private static (int Rank, string Name, string Feature) LayerOf(string path) => path.Split('/') switch
    {
        ["web", "src", "shared" or "api", ..] => (0, "shared", ""),
        ["web", "src", "features", var feature, ..] => (1, $"feature {feature}", feature),
        ["web", "src", ..] => (2, "app", ""),
        _ => (0, "package", ""),
    };

    [GeneratedRegex("""<(?<kind>Project|Package)Reference\s[^>]*?Include="(?<name>[^"]+)"[^>]*>""")]
    private static partial Regex Reference();

    [GeneratedRegex("""(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']""")]
    private static partial Regex Import();
}
