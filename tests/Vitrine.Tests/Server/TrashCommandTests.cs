using System.Text.Json;
using Vitrine.Tests.Imaging;

namespace Vitrine.Tests.Server;

/// <summary><c>vitrine trash</c>, over a picture that was deleted between two imports.</summary>
public sealed class TrashCommandTests : IDisposable
{
    private readonly ProgramRuns _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task What_was_deleted_is_listed_and_forgotten()
    {
        Assert.Equal((3, ""), await _program.RunAsync("trash", "1"));
        Directory.CreateDirectory(Path.Combine(_program.Shelf, "sub"));
        Directory.CreateDirectory(_program.Data);
        var gone = Path.Combine(_program.Shelf, "sub", "gone\u001b[2J.jpg");
        await File.WriteAllBytesAsync(gone, Pictures.Jpeg(64, 48), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(_program.Shelf, "sub", "stays.jpg"), Pictures.Jpeg(48, 64), TestContext.Current.CancellationToken);
        Assert.Equal(0, (await _program.RunAsync("import", _program.Shelf, "--json")).Exit);
        Assert.Equal((0, ""), await _program.RunAsync("trash", "1"));

        File.Delete(gone);
        Assert.Equal(0, (await _program.RunAsync("import", _program.Shelf, "--json")).Exit);
        var (exit, listed) = await _program.RunAsync("trash", "1");
        Assert.Equal(0, exit);
        Assert.EndsWith(" sub/gone\uFFFD[2J.jpg\n", listed, StringComparison.Ordinal);
        var image = Assert.Single(JsonDocument.Parse((await _program.RunAsync("trash", "1", "--json")).Output).RootElement.GetProperty("items").EnumerateArray());
        Assert.Equal("sub", image.GetProperty("path").GetString());

        Assert.Equal((0, "1 forgotten.\n"), await _program.RunAsync("trash", "1", "--empty"));
        Assert.Equal((0, ""), await _program.RunAsync("trash", "1"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("7")]
    public async Task A_library_that_is_none_is_2(string library)
    {
        Directory.CreateDirectory(_program.Data);
        Assert.Equal((2, ""), await _program.RunAsync("trash", library));
    }
}
