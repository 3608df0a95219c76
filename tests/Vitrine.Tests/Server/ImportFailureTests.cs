using System.Diagnostics;
using System.Text.Json;
using Vitrine.Tests.Imaging;

namespace Vitrine.Tests.Server;

/// <summary>What <c>import --json</c> lists as failures is what its counters count, in every run.</summary>
public sealed class ImportFailureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-test-").FullName;

    private string Shelf => Path.Combine(_folder, "pictures");

    private string Data => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_import_lists_what_stands_until_its_cause_is_gone()
    {
        Directory.CreateDirectory(Shelf);
        Directory.CreateDirectory(Data);
        Put("good.jpg", Pictures.Jpeg(64, 48));
        Put("broken.jpg", [0xff, 0xd8, 0xff, 0xe0, .. new byte[200]]);
        Put("strange.psd", [.. "8BPS\u0000\u0001"u8, .. new byte[200]]);
        Put("broken.zip", [.. "PK\u0003\u0004"u8, .. new byte[200]]);

        var first = await ImportAsync();
        Assert.Equal(1, first.Exit);
        Assert.Equal(["broken.jpg", "broken.zip", "strange.psd"], first.Sources);
        Assert.Equal((3, 1, 1), first.Counters);

        var second = await ImportAsync();
        Assert.Equal((first.Exit, first.Failures, first.Counters), (second.Exit, second.Failures, second.Counters));

        Put("broken.jpg", Pictures.Jpeg(80, 60));
        var third = await ImportAsync();
        Assert.Equal((1, ["broken.zip", "strange.psd"]), (third.Exit, third.Sources), Same);
        Assert.Equal((3, 1, 0), third.Counters);

        File.Delete(Path.Combine(Shelf, "broken.zip"));
        var fourth = await ImportAsync();
        Assert.Equal((0, ["strange.psd"]), (fourth.Exit, fourth.Sources), Same);
    }

    private static bool Same((int Exit, string[] Sources) one, (int Exit, string[] Sources) two) =>
        one.Exit == two.Exit && one.Sources.SequenceEqual(two.Sources);

    private void Put(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(Shelf, name), bytes);

    private async Task<Run> ImportAsync()
    {
        using var process = Process.Start(BuiltProgram.StartInfo(["import", Shelf, "--data", Data, "--json"]))!;
        process.StandardInput.Close();
        try
        {
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal("", await errors);
            return new(process.ExitCode, JsonDocument.Parse(output).RootElement);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private sealed record Run(int Exit, JsonElement Summary)
    {
        public string Failures => Summary.GetProperty("failures").GetRawText();

        public string[] Sources => [.. Summary.GetProperty("failures").EnumerateArray().Select(f => f.GetProperty("source").GetString()!).Order(StringComparer.Ordinal)];

        public (int Images, int Skipped, int Failed) Counters => (Number("images"), Number("skipped"), Number("failed"));

        private int Number(string name) => Summary.GetProperty(name).GetInt32();
    }
}
