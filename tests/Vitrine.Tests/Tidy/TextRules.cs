using System.Text.RegularExpressions;

namespace Vitrine.Tests.Tidy;

/// <summary>What may stand in no file, and in no file's name.</summary>
internal static partial class TextRules
{
    private static readonly HashSet<string> CodeExtensions = [".cs", ".ts", ".tsx", ".md", ".sql"];

    public static IEnumerable<Offence> Emoji(IReadOnlyList<SourceFile> files) => Find(files.Where(f => InProduct(f) || IsDocument(f)), EmojiPattern(), "an emoji");

    public static IEnumerable<Offence> Unfinished(IReadOnlyList<SourceFile> files) => Find(files.Where(InProduct), UnfinishedPattern(), "unfinished work");

    public static IEnumerable<Offence> MachinePaths(IReadOnlyList<SourceFile> files) => Find(files, MachinePathPattern(), "a path of one machine");

    /// <summary>Code may be about secrets; any other file with such a name looks like one.</summary>
    public static IEnumerable<Offence> SecretNames(IReadOnlyList<SourceFile> files) =>
        from file in files
        where !CodeExtensions.Contains(Path.GetExtension(file.Path)) && SecretNamePattern().IsMatch(file.Name)
        select new Offence(file.Path, 1, "a name like that of a secret");

    private static bool InProduct(SourceFile file) => file.Path.StartsWith("src/", StringComparison.Ordinal) || file.Path.StartsWith("web/src/", StringComparison.Ordinal);

    private static bool IsDocument(SourceFile file) => Path.GetExtension(file.Path) == ".md";

    private static IEnumerable<Offence> Find(IEnumerable<SourceFile> files, Regex pattern, string what) =>
        from file in files
        from match in pattern.Matches(file.Text)
        select new Offence(file.Path, file.LineOf(match.Index), $"{what}: {match.Value.Trim()}");

    // Pictographs, and those of the basic plane that are shown as pictures unless text is asked for.
    [GeneratedRegex(@"[\uD83C-\uD83E][\uDC00-\uDFFF]|\uFE0F|[\u231A\u231B\u23E9-\u23F3\u25FD\u25FE\u2614\u2615\u2648-\u2653\u267F\u2693\u26A1\u26AA\u26AB\u26BD\u26BE\u26C4\u26C5\u26CE\u26D4\u26EA\u26F2-\u26F5\u26FA\u26FD\u2705\u270A\u270B\u2728\u274C\u274E\u2753-\u2757\u2795-\u2797\u27B0\u27BF\u2B1B\u2B1C\u2B50\u2B55]")]
    private static partial Regex EmojiPattern();

    [GeneratedRegex(@"\b(NotImplementedException|TODO|FIXME|HACK)\b|coming soon|lorem ipsum")]
    private static partial Regex UnfinishedPattern();

    [GeneratedRegex(@"(?<![A-Za-z0-9_.~}])/(work|farm|root|home/[a-z]+|Users/[A-Za-z]+)/|[A-Z]:\\Users\\")]
    private static partial Regex MachinePathPattern();

    [GeneratedRegex(@"token|password|secret|\.pem$|\.pfx$|\.p12$|\.key$|^\.env|^id_(rsa|ed25519)", RegexOptions.IgnoreCase)]
    private static partial Regex SecretNamePattern();
}
