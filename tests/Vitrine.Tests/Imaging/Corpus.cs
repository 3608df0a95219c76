using System.Text.Json;

namespace Vitrine.Tests.Imaging;

/// <summary>
/// Real pictures and hostile files that are no part of this repository: in VITRINE_CORPUS, or beside it in ../shared/corpus. Where they
/// are not there the tests of them are skipped and say so.
/// </summary>
internal sealed class Corpus
{
    private readonly Dictionary<string, JsonElement> _expected;
    private readonly JsonElement _tools;

    private Corpus(string root)
    {
        Root = root;
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, "MANIFEST.json")));
        _expected = manifest.RootElement.GetProperty("files").EnumerateArray()
            .ToDictionary(f => f.GetProperty("name").GetString()!, f => f.GetProperty("expect").Clone());
        _tools = manifest.RootElement.GetProperty("tools").Clone();
    }

    public string Root { get; }

    /// <summary>Of all sets; null where there are none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Skips the test where the corpus is missing.</summary>
    public static Corpus Open(string set)
    {
        var place = Folder;
        Assert.SkipWhen(place is null, "The corpus is not there (set VITRINE_CORPUS to its folder).");
        return new(Path.Combine(place!, set));
    }

    /// <summary>What the manifest says of a file below the set's root; null where it says nothing.</summary>
    public JsonElement? Expected(string name) => _expected.TryGetValue(name, out var expected) ? expected : null;

    /// <summary>Name and version of a program that the manifest was made with.</summary>
    public string Tool(string program) => _tools.GetProperty(program).GetString()!;

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("VITRINE_CORPUS") is { Length: > 0 } given) return Directory.Exists(given) ? given : null;
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (!File.Exists(Path.Combine(at.FullName, "Vitrine.slnx"))) continue;
            var beside = Path.Combine(at.FullName, "..", "shared", "corpus");
            return Directory.Exists(beside) ? Path.GetFullPath(beside) : null;
        }
        return null;
    }
}

internal static class Expectation
{
    public static bool Is(this JsonElement expected, string name) =>
        expected.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    public static int? Number(this JsonElement expected, string name) =>
        expected.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;

    public static bool Has(this JsonElement expected, string name) => expected.TryGetProperty(name, out _);
}
