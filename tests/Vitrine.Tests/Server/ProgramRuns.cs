using System.Diagnostics;

namespace Vitrine.Tests.Server;

/// <summary>Runs of the built program, one after another, over a folder of pictures and a data folder of their own, or that of a server.</summary>
internal sealed class ProgramRuns(string? data = null) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-test-").FullName;

    public string Shelf => Path.Combine(_folder, "pictures");

    public string Data => data ?? Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>What it printed, and how it ended; it must explain itself on standard error when that is above 1, and only then.</summary>
    public Task<(int Exit, string Output)> RunAsync(params string[] arguments) => RunWithAsync("", arguments);

    /// <inheritdoc cref="RunAsync"/>
    /// <param name="input">What stands on its standard input.</param>
    public async Task<(int Exit, string Output)> RunWithAsync(string input, params string[] arguments)
    {
        using var process = Process.Start(BuiltProgram.StartInfo([.. arguments, "--data", Data]))!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        try
        {
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(process.ExitCode > 1, (await errors).Length > 0);
            return (process.ExitCode, output);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
