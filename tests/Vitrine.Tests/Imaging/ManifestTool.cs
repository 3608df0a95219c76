using System.Diagnostics;

namespace Vitrine.Tests.Imaging;

/// <summary>
/// The library that made the corpus' manifest, by its command line: another build of libvips than ours, of another age, and none of our code. A picture
/// is made 64 x 64, with an export profile in the manifest's recipe, and as it is without.
/// </summary>
internal static class ManifestTool
{
    /// <summary>What a manifest in whole numbers may differ from its own recipe.</summary>
    public const double Rounding = 2;

    private const string Program = "vipsthumbnail";

    /// <summary>Only the manifest's own version has the manifest's own faults.</summary>
    public static void SkipWhereMissing(Corpus corpus) =>
        Assert.SkipUnless(Version()?.StartsWith(corpus.Tool("vips"), StringComparison.Ordinal) == true, $"The manifest's tool is not there ({corpus.Tool("vips")}, package libvips-tools).");

    /// <summary>Of many pictures by one start of the program, most of whose time is its start.</summary>
    public static IReadOnlyList<ColourGrid> Colours(IReadOnlyList<string> paths, bool withExport)
    {
        if (paths.Count == 0) return [];
        var folder = Directory.CreateTempSubdirectory("vitrine-colours-").FullName;
        try
        {
            // The program writes beside its input's stem, which two pictures may share.
            var links = paths.Select((path, i) => File.CreateSymbolicLink(Path.Combine(folder, $"{i}{Path.GetExtension(path)}"), path).FullName);
            string[] export = withExport ? ["--export-profile", "srgb"] : [];
            using var process = Start(["--size", "64x64!", .. export, "--output", Path.Combine(folder, "out-%s.png"), .. links])!;
            // Its warnings are read and dropped: they would fill the pipe.
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return [.. paths.Select((_, i) => ColourGrid.Of(File.ReadAllBytes(Path.Combine(folder, $"out-{i}.png"))))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? Version()
    {
        try
        {
            using var process = Start(["--version"]);
            return process?.StandardOutput.ReadToEnd();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static Process? Start(IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
}
