using System.Text;
using MAB.DotIgnore;
using Vitrine.Core.Files;
using Vitrine.Core.Libraries;

namespace Vitrine.Imaging.Sources;

/// <summary>
/// What a library leaves out: its exclusion globs, then the <c>.vitrineignore</c> of each directory from the root down, in the
/// syntax of .gitignore. The last rule that matches decides, so that a deeper file may take back what a higher one left out.
/// </summary>
internal sealed class IgnoreRules
{
    private const int MaxFileBytes = 64 << 10;
    private const int MaxRules = 4096;

    private readonly List<(string Below, IgnoreRule Rule)> _rules = [];

    public IgnoreRules(IEnumerable<string> exclude) => Add("", exclude);

    /// <summary>Reads the directory's own ignore file, where it has one.</summary>
    public void AddFileOf(OpenDirectory directory, SourcePath path)
    {
        if (directory.Look(".vitrineignore"u8) is not { IsRegular: true }) return;
        using var file = directory.Read(".vitrineignore"u8);
        var bytes = new byte[MaxFileBytes];
        var length = FileBytes.Read(file, bytes, 0);
        Add(path.IsRoot ? "" : path.Text + "/", Encoding.UTF8.GetString(bytes, 0, length).Split('\n'));
    }

    /// <summary>Nothing is left out.</summary>
    public bool IsEmpty => _rules.Count == 0;

    /// <param name="path">Below the library's root, slash-separated.</param>
    public bool IsIgnored(string path, bool isDirectory)
    {
        var ignored = false;
        foreach (var (below, rule) in _rules)
        {
            if (path.StartsWith(below, StringComparison.Ordinal) && rule.IsMatch(path[below.Length..], isDirectory))
                ignored = !rule.PatternFlags.HasFlag(PatternFlags.NEGATION);
        }
        return ignored;
    }

    private void Add(string below, IEnumerable<string> lines)
    {
        foreach (var line in lines.Select(l => l.TrimEnd('\r')).Where(l => l.Trim().Length > 0 && l[0] != '#'))
        {
            if (_rules.Count == MaxRules) return;
            if (Parse(line) is { } rule) _rules.Add((below, rule));
        }
    }

    /// <summary>A line that is no pattern leaves out nothing, as git has it.</summary>
    private static IgnoreRule? Parse(string line)
    {
        try
        {
            return new IgnoreRule(line, MatchFlags.PATHNAME);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
