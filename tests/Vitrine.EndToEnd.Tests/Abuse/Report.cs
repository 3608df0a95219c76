using System.Text;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd.Abuse;

/// <summary>What was tried, how it was answered and whether that held, as a table: in the tests' output and in <c>artifacts/test/abuse.md</c>.</summary>
internal sealed class Report
{
    private const int NameWidth = 62;
    private static readonly string File = Path.Combine(Installation.Root, "artifacts/test/abuse.md");

    private readonly List<(string Kind, string Name, string Answer, string? Broke)> _rows = [];

    public void Add(string kind, string name, string answer, string? broke) => _rows.Add((kind, name, answer, broke));

    /// <summary>Prints the rows of one kind; fails where one of them broke.</summary>
    public void Conclude(string kind, ITestOutputHelper output)
    {
        var rows = _rows.Where(row => row.Kind == kind).ToList();
        output.WriteLine($"{kind}: {rows.Count} attacks");
        foreach (var (_, name, answer, broke) in rows) output.WriteLine($"  {(broke is null ? "held " : "BROKE")}  {name,-NameWidth}  {answer}{(broke is null ? "" : $"  ({broke})")}");
        Assert.NotEmpty(rows);
        var broken = rows.Where(row => row.Broke is not null).Select(row => $"{row.Name}: {row.Answer} ({row.Broke})").ToList();
        Assert.True(broken.Count == 0, $"{broken.Count} of {rows.Count} attacks were not held off:\n{string.Join('\n', broken)}");
    }

    public void Write()
    {
        var text = new StringBuilder("# Abuse of the built server\n\n");
        text.Append(Invariant($"{_rows.Count} attacks, {_rows.Count(row => row.Broke is null)} held, {_rows.Count(row => row.Broke is not null)} broke.\n"));
        text.Append("An answer that is a number alone has no body: the web server's own refusal of what is no HTTP.\n");
        foreach (var kind in _rows.GroupBy(row => row.Kind))
        {
            text.Append(Invariant($"\n## {kind.Key}\n\n| attack | answer | |\n|---|---|---|\n"));
            foreach (var (_, name, answer, broke) in kind) text.Append(Invariant($"| {Cell(name)} | {Cell(answer)} | {(broke is null ? "held" : "BROKE: " + Cell(broke))} |\n"));
        }
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, text.ToString());
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
