using System.Diagnostics;

namespace Vitrine.Tests.Imaging;

/// <summary>
/// The command line that made the corpus' manifest: another build of libvips than ours, of another age, and none of our code. A picture
/// is made 64 x 64, with an export profile in the manifest's recipe, and as it is without.
/// </summary>
internal static class ManifestTool
{
    /// <summary>What a manifest in whole numbers may differ from its own recipe.</summary>
    public const double Rounding = 2;

    private const string Program = "vips";

    /// <summary>Only the manifest's own version has the manifest's own faults.</summary>
    public static void SkipWhereMissing(Corpus corpus) =>
        Assert.SkipUnless(Version()?.StartsWith(corpus.Tool(Program), StringComparison.Ordinal) == true, $"The manifest's tool is not there ({corpus.Tool(Program)}, package libvips-tools).");

    public static ColourGrid Colours(string path, bool withExport)
    {
        var target = Path.Combine(Path.GetTempPath(), $"vitrine-{Guid.NewGuid():N}.png");
        try
        {
            string[] export = withExport ? ["--export-profile", "srgb"] : [];
            using var process = Start(["thumbnail", path, target, "64", "--height", "64", "--size", "force", .. export])!;
            // Its warnings are read and dropped: they would fill the pipe.
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return ColourGrid.Of(File.ReadAllBytes(target));
        }
        finally
        {
            File.Delete(target);
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
