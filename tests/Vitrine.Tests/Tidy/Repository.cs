namespace Vitrine.Tests.Tidy;

/// <summary>The files of the repository that this test was built from.</summary>
internal static class Repository
{
    private const long LargestText = 4 << 20;

    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    private static readonly HashSet<string> NotOurs = [".git", ".vs", ".idea", "artifacts", "node_modules", "dist", "bin", "obj", "TestResults"];

    private static readonly HashSet<string> TextExtensions =
        [".cs", ".csproj", ".props", ".slnx", ".json", ".ts", ".tsx", ".css", ".html", ".md", ".mjs", ".sh", ".sql", ".txt", ".svg", ".editorconfig", ""];

    private static readonly Lazy<IReadOnlyList<SourceFile>> All = new(() => [.. Read(new(Root))]);

    public static IReadOnlyList<SourceFile> Files => All.Value;

    private static string FindRoot(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Vitrine.slnx"))) return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No folder above {start} holds Vitrine.slnx.");
    }

    private static IEnumerable<SourceFile> Read(DirectoryInfo folder)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            if (entry.LinkTarget is not null || NotOurs.Contains(entry.Name)) continue;
            if (entry is DirectoryInfo below)
            {
                foreach (var file in Read(below)) yield return file;
                continue;
            }
            var isText = TextExtensions.Contains(entry.Extension) && ((FileInfo)entry).Length <= LargestText;
            yield return new(Path.GetRelativePath(Root, entry.FullName).Replace('\\', '/'), isText ? File.ReadAllText(entry.FullName) : "");
        }
    }
}
