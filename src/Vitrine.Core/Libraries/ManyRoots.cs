using System.IO.Enumeration;

namespace Vitrine.Core.Libraries;

/// <summary>The folders that one request makes libraries of.</summary>
public static class ManyRoots
{
    /// <summary>Of one request: each is scanned, and more would hold up all else for long.</summary>
    public const int Most = 100;

    /// <summary>The folders directly in one, in the order of their names: no links, and none whose name begins with a dot. At most one more than <see cref="Most"/>.</summary>
    public static Answer Below(string path, IRootProbe roots, string match)
    {
        if (LibraryRoot.Check(path, roots) is RootAnswer.Refused refused) return new Answer.Refused(refused);
        var below = new FileSystemEnumerable<string>(path, (ref entry) => entry.ToSpecifiedFullPath(), new() { AttributesToSkip = FileAttributes.ReparsePoint })
        {
            ShouldIncludePredicate = (ref entry) => entry.IsDirectory && entry.FileName is not ['.', ..] && IsNamed(entry.FileName, match),
        };
        return new Answer.Found([.. below.Order(StringComparer.Ordinal).Take(Most + 1)]);
    }

    /// <summary>Whether the last part of a path is like the pattern, in which * stands for any characters and ? for one; upper and lower case are alike.</summary>
    public static bool IsLike(string path, string match) => IsNamed(Path.GetFileName(Path.TrimEndingDirectorySeparator(path.AsSpan())), match);

    private static bool IsNamed(ReadOnlySpan<char> name, string match) => FileSystemName.MatchesSimpleExpression(match, name, ignoreCase: true);

    public abstract record Answer
    {
        private Answer() { }

        public sealed record Found(IReadOnlyList<string> Roots) : Answer;

        public sealed record Refused(RootAnswer.Refused Why) : Answer;
    }
}
