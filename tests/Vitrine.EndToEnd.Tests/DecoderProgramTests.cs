using System.Diagnostics;
using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>The decoder as it stands beside the published program.</summary>
public sealed class DecoderProgramTests
{
    /// <summary>The loader tells what it loads into the first stage alone: the second begins with an environment of its own.</summary>
    [Fact]
    public async Task TheFirstStageHasNoLimitsYetAndLoadsNothingThatReadsPictures()
    {
        var start = new ProcessStartInfo(Installation.Decoder, ["--memory", "2000000000"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LD_DEBUG"] = "files";
        using var decoder = Process.Start(start)!;
        var loaded = decoder.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var greeting = new char[1024];
        var greeted = await decoder.StandardOutput.ReadAsync(greeting, TestContext.Current.CancellationToken);
        decoder.StandardInput.Close();
        await decoder.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, decoder.ExitCode);
        Assert.Contains("bundled libvips", new string(greeting, 0, greeted), StringComparison.Ordinal);
        Assert.Contains("libc.so.6", await loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("libvips", await loaded, StringComparison.Ordinal);
    }
}
