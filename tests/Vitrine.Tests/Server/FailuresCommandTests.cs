using System.Text.Json;
using Vitrine.Tests.Imaging;

namespace Vitrine.Tests.Server;

/// <summary><c>vitrine failures</c>, over what an import could not read.</summary>
public sealed class FailuresCommandTests : IDisposable
{
    private readonly ProgramRuns _program = new();

    private string Shelf => _program.Shelf;

    private string Data => _program.Data;

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task What_an_import_could_not_read_is_counted_exported_put_aside_and_tried_again()
    {
        Assert.Equal((3, ""), await RunAsync("failures"));
        Assert.False(Directory.Exists(Data), "failures made a data folder.");
        await FillAsync();
        Assert.Equal(1, (await RunAsync("import", Shelf, "--json")).Exit);

        var (_, words) = await RunAsync("failures");
        Assert.Equal(2, words.TrimEnd().Split('\n').Length);
        Assert.Contains("1 corrupt (Derive) in library 1, decoder ", words, StringComparison.Ordinal);
        Assert.Equal(["archive-corrupt", "corrupt"], await CodesAsync());

        var (_, csv) = await RunAsync("failures", "csv", "--reason", "corrupt");
        Assert.Equal(2, csv.TrimEnd().Split("\r\n").Length);
        Assert.Contains(",'=broken.jpg,failed,corrupt,", csv, StringComparison.Ordinal);

        Assert.Equal((0, "1 changed.\n"), await RunAsync("failures", "ignore", "--reason", "corrupt", "--library", "1"));
        Assert.Contains("ignored", (await RunAsync("failures")).Output, StringComparison.Ordinal);
        Assert.Equal((0, "Nothing to try again.\n"), await RunAsync("failures", "retry", "--reason", "corrupt"));
        Assert.Equal((0, "1 changed.\n"), await RunAsync("failures", "restore"));
        Assert.StartsWith("Jobs that try them again: ", (await RunAsync("failures", "retry")).Output, StringComparison.Ordinal);

        // What was mended is read by the job that waits, and the archive is still broken.
        await File.WriteAllBytesAsync(Path.Combine(Shelf, "=broken.jpg"), Pictures.Jpeg(64, 48), TestContext.Current.CancellationToken);
        Assert.Equal(1, (await RunAsync("import", Shelf, "--json")).Exit);
        Assert.Equal(["archive-corrupt"], await CodesAsync());
    }

    [Theory]
    [InlineData("retry", "--reason", "beauty")]
    [InlineData("csv", "--reason", "beauty")]
    [InlineData("retry", "--library", "x")]
    [InlineData("ignore", "--ignored", "true")]
    [InlineData("beauty", "--reason", "corrupt")]
    public async Task Wrong_use_is_2(string verb, string option, string value)
    {
        Directory.CreateDirectory(Data);
        Assert.Equal((2, ""), await RunAsync("failures", verb, option, value));
    }

    private async Task FillAsync()
    {
        Directory.CreateDirectory(Shelf);
        Directory.CreateDirectory(Data);
        await File.WriteAllBytesAsync(Path.Combine(Shelf, "=broken.jpg"), [0xff, 0xd8, 0xff, 0xe0, .. new byte[200]], TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(Shelf, "broken.zip"), [.. "PK\u0003\u0004"u8, .. new byte[200]], TestContext.Current.CancellationToken);
    }

    private async Task<string[]> CodesAsync()
    {
        var groups = JsonDocument.Parse((await RunAsync("failures", "--json")).Output).RootElement.GetProperty("items");
        return [.. groups.EnumerateArray().Select(group => group.GetProperty("code").GetString()!)];
    }

    private Task<(int Exit, string Output)> RunAsync(params string[] arguments) => _program.RunAsync(arguments);
}
