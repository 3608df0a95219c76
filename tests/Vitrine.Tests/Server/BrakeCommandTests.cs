using System.Text.Json;
using Vitrine.Tests.Imaging;

namespace Vitrine.Tests.Server;

/// <summary><c>vitrine brake</c>, over a folder that is gone between two imports, with a brake that holds at once.</summary>
public sealed class BrakeCommandTests : IDisposable
{
    private readonly ProgramRuns _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task What_is_gone_is_shown_rejected_and_approved()
    {
        Assert.Equal((3, ""), await _program.RunAsync("brake", "1"));
        Directory.CreateDirectory(Path.Combine(_program.Shelf, "sub"));
        Directory.CreateDirectory(_program.Data);
        await File.WriteAllTextAsync(
            Path.Combine(_program.Data, "vitrine.json"), """{"Engine": {"BrakeImages": 0}}""", TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(_program.Shelf, "stays.jpg"), Pictures.Jpeg(64, 48), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(_program.Shelf, "sub", "gone.jpg"), Pictures.Jpeg(48, 64), TestContext.Current.CancellationToken);
        Assert.Equal(0, (await _program.RunAsync("import", _program.Shelf, "--json")).Exit);
        Assert.EndsWith("nothing is held, 2 images.\n", (await _program.RunAsync("brake", "1")).Output, StringComparison.Ordinal);

        Directory.Delete(Path.Combine(_program.Shelf, "sub"), recursive: true);
        var (exit, summary) = await _program.RunAsync("import", _program.Shelf, "--json");
        Assert.Equal(1, exit);
        Assert.Equal(1, JsonDocument.Parse(summary).RootElement.GetProperty("held")[0].GetProperty("removed").GetInt32());
        Assert.Contains("1 images are gone and 0 are others now", (await _program.RunAsync("brake", "1")).Output, StringComparison.Ordinal);
        Assert.Equal((2, ""), await _program.RunAsync("brake", "1", "--approve", "--reject"));

        Assert.EndsWith("nothing is held, 2 images.\n", (await _program.RunAsync("brake", "1", "--reject")).Output, StringComparison.Ordinal);
        Assert.Equal((2, ""), await _program.RunAsync("brake", "1", "--approve"));
        Assert.Equal(1, (await _program.RunAsync("import", _program.Shelf, "--json")).Exit);
        Assert.EndsWith("nothing is held, 1 images.\n", (await _program.RunAsync("brake", "1", "--approve")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await _program.RunAsync("import", _program.Shelf, "--json")).Exit);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("7")]
    public async Task A_library_that_is_none_is_2(string library)
    {
        Directory.CreateDirectory(_program.Data);
        Assert.Equal((2, ""), await _program.RunAsync("brake", library));
    }
}
