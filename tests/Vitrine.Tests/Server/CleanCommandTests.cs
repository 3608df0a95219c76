using System.Text.Json;
using Vitrine.Tests.Imaging;

namespace Vitrine.Tests.Server;

/// <summary><c>vitrine clean</c> and <c>vitrine verify --repair</c>, over a small import.</summary>
public sealed class CleanCommandTests : IDisposable
{
    private readonly ProgramRuns _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task What_nothing_refers_to_goes_and_what_is_damaged_is_queued_again()
    {
        Assert.Equal((3, ""), await _program.RunAsync("clean"));
        Directory.CreateDirectory(_program.Shelf);
        Directory.CreateDirectory(_program.Data);
        await File.WriteAllBytesAsync(Path.Combine(_program.Shelf, "one.jpg"), Pictures.Jpeg(640, 480), TestContext.Current.CancellationToken);
        Assert.Equal(0, (await _program.RunAsync("import", _program.Shelf, "--presets", "thumbnail", "--json")).Exit);
        var blob = Assert.Single(Directory.GetFiles(Path.Combine(_program.Data, "cache"), "*.webp", SearchOption.AllDirectories));
        Assert.EndsWith(".thumbnail.webp", blob, StringComparison.Ordinal);
        var orphan = blob.Replace("-1.thumbnail", "-999.thumbnail", StringComparison.Ordinal);
        File.Copy(blob, orphan);
        File.SetLastWriteTimeUtc(orphan, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-3));

        Assert.Equal(0, await FilesAsync("clean", "--json"));
        Assert.Equal(1, await FilesAsync("clean", "--json", "--older-than", "2", "--dry-run"));
        Assert.Equal(1, await FilesAsync("clean", "--json", "--older-than", "2", "--folder", "1"));
        Assert.False(File.Exists(orphan));
        Assert.Equal((2, ""), await _program.RunAsync("clean", "--folder", "9"));
        Assert.Equal((2, ""), await _program.RunAsync("clean", "--older-than", "-1"));

        await File.WriteAllTextAsync(blob, "damaged", TestContext.Current.CancellationToken);
        Assert.Equal(1, (await _program.RunAsync("verify", "--json")).Exit);
        var (exit, repaired) = await _program.RunAsync("verify", "--repair", "--json");
        Assert.Equal((0, 1), (exit, JsonDocument.Parse(repaired).RootElement.GetProperty("repair").GetProperty("jobs").GetInt32()));
        Assert.Equal(0, (await _program.RunAsync("verify", "--json")).Exit);
    }

    private async Task<long> FilesAsync(params string[] arguments)
    {
        var (exit, output) = await _program.RunAsync(arguments);
        Assert.Equal(0, exit);
        return Assert.Single(JsonDocument.Parse(output).RootElement.GetProperty("folders").EnumerateArray()).GetProperty("files").GetInt64();
    }
}
