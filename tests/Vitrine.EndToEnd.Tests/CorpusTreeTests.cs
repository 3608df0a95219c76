using System.Text;
using System.Text.Json;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>
/// The corpus' own tree of awkward names, links, holes and objects, entry by entry: what has to be a picture is one, at its place to the byte, and what must not be
/// one is none. Hidden files are noise.
/// </summary>
public sealed class CorpusTreeTests(ITestOutputHelper output)
{
    private const int Many = 300;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("visible")]
    [InlineData("heldout")]
    public async Task EveryEntryIsWhatItIsExpectedToBe(string split)
    {
        Assert.SkipWhen(Installation.Corpus is null, "There is no corpus (VITRINE_CORPUS).");
        await using var scene = new Scene();
        var tree = Path.Combine(scene.Folder, "tree");
        var generator = Path.Combine(Installation.Corpus, "make_odd_tree.py");
        await Programs.RunAsync(scene.Folder, "python3", generator, tree, "--split", split, "--bases", Path.Combine(Installation.Corpus, "hostile/bases"), "--many", $"{Many}");
        try
        {
            var ended = await scene.Start("import", tree, "--data", scene.Data, "--presets", "thumbnail", "--json").EndAsync(Bound);
            Assert.True(ended.ExitCode is 0 or 1, ended.ToString());
            var pictures = await PicturesAsync(scene.Data);
            var expected = Expected($"{tree}.expect.json");
            foreach (var (path, isPicture) in expected)
            {
                if (isPicture is { } certain) Assert.True(pictures.Contains(path) == (certain && !IsHidden(path)), $"{Shown(path)}: {(certain ? "a picture" : "none")} is expected.");
            }
            var others = pictures.Except(expected.Keys).ToList();
            Assert.All(others, path => Assert.StartsWith("many/", Shown(path), StringComparison.Ordinal));
            Assert.Equal(Many, others.Count);
            output.WriteLine($"{expected.Count} entries, {expected.Values.Count(certain => certain == true)} of them pictures for sure: {pictures.Count - Many} are, and {Many} in the folder of many");
        }
        finally
        {
            // This runtime cannot open all of it.
            await Programs.RunAsync(scene.Folder, "rm", "-rf", tree);
        }
    }

    /// <summary>Whether each entry is a picture, by its path in hexadecimal; null where both are right.</summary>
    private static Dictionary<string, bool?> Expected(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.GetProperty("entries").EnumerateArray().Where(entry => entry.GetProperty("kind").GetString() != "many").ToDictionary(
            entry => entry.GetProperty("path_hex").GetString()!.ToUpperInvariant(),
            entry => entry.GetProperty("image") is { ValueKind: not JsonValueKind.Null } image ? image.GetBoolean() : (bool?)null);
    }

    private static async Task<HashSet<string>> PicturesAsync(string data) =>
    [
        .. (await Programs.RunAsync(data, "sqlite3", "vitrine.db",
            "SELECT hex(c.path) || CASE WHEN length(c.path) > 0 THEN '2F' ELSE '' END || hex(i.raw_name) FROM images i JOIN collections c ON c.id = i.collection_id WHERE i.state = 1"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries),
    ];

    private static bool IsHidden(string path) => Shown(path).Split('/').Any(name => name.StartsWith('.'));

    private static string Shown(string path) => Encoding.UTF8.GetString(Convert.FromHexString(path));
}
