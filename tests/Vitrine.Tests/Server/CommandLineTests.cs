using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Vitrine.Tests.Server;

/// <summary>The program itself: exit codes, and one line on standard error for whatever it refuses.</summary>
public sealed partial class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-test-").FullName;

    private string Data => Path.Combine(_folder, "data");

    private readonly List<Process> _started = [];

    /// <summary>A test that fails leaves no server behind.</summary>
    public void Dispose()
    {
        foreach (var process in _started)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            process.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("serve --nonsense")]
    [InlineData("frobnicate")]
    [InlineData("")]
    [InlineData("import")]
    [InlineData("serve --data DATA --urls ftp://x")]
    [InlineData("serve --data DATA --urls http://127.0.0.1:0/path")]
    [InlineData("serve --data DATA --urls nonsense")]
    [InlineData("serve --data DATA --urls https://127.0.0.1:0")]
    [InlineData("serve --data DATA --urls http://127.0.0.1:0 --library FOLDER/nothing")]
    [InlineData("import FOLDER/nothing --data DATA")]
    [InlineData("import FOLDER --data DATA")]
    [InlineData("import FOLDER/pictures --data DATA --presets enormous")]
    [InlineData("import /proc --data DATA --json")]
    [InlineData("jobs frobnicate")]
    [InlineData("jobs --status Waiting --data DATA")]
    [InlineData("jobs --limit 0 --data DATA")]
    [InlineData("jobs show --data DATA")]
    [InlineData("jobs show seven --data DATA")]
    [InlineData("jobs start verify --library 1 --data DATA")]
    [InlineData("jobs start scan --data DATA")]
    [InlineData("jobs start cache --library 1 --image x --data DATA")]
    [InlineData("jobs priority 1 urgent --data DATA")]
    [InlineData("jobs stale --timeout-minutes 0 --data DATA")]
    [InlineData("jobs recover-stale --timeout-minutes 10081 --data DATA")]
    [InlineData("jobs cleanup --data DATA")]
    [InlineData("jobs cleanup --older-than-days -1 --data DATA")]
    public async Task Wrong_use_is_one_line_and_2(string arguments)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "pictures"));
        await RefusedAsync(2, arguments);
    }

    [Fact]
    public async Task A_bad_setting_is_named_with_its_range()
    {
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(Path.Combine(Data, "vitrine.json"), """{"Engine": {"Workers": 257}}""", TestContext.Current.CancellationToken);
        var line = await RefusedAsync(2, "serve --data DATA --urls http://127.0.0.1:0");
        Assert.Contains("Engine:Workers is 257", line, StringComparison.Ordinal);
        Assert.Contains("256", line, StringComparison.Ordinal);

        foreach (var wrong in new[] { """{"Engine": {"Wrokers": 2}}""", """{"Engin": {}}""", """{"Engine": {"Workers": "many"}}""", "{" })
        {
            await File.WriteAllTextAsync(Path.Combine(Data, "vitrine.json"), wrong, TestContext.Current.CancellationToken);
            await RefusedAsync(2, "serve --data DATA --urls http://127.0.0.1:0");
        }
    }

    [Fact]
    public async Task What_is_in_the_way_of_a_start_is_one_line_and_3()
    {
        await RefusedAsync(3, "status --data DATA");
        await RefusedAsync(3, "jobs --data DATA");
        await RefusedAsync(3, "jobs start scan --library 1 --data DATA");
        Assert.False(Directory.Exists(Data), "status or jobs made a data folder.");
        await RefusedAsync(3, "serve --data /proc/vitrine --urls http://127.0.0.1:0");
        await File.WriteAllTextAsync(Path.Combine(_folder, "file"), "", TestContext.Current.CancellationToken);
        await RefusedAsync(3, "serve --data FOLDER/file --urls http://127.0.0.1:0");

        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var line = await RefusedAsync(3, $"serve --data DATA --urls http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}");
        Assert.Contains("--urls", line, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(Data, "vitrine.db"), new string('x', 10_000), TestContext.Current.CancellationToken);
        await RefusedAsync(3, "serve --data DATA --urls http://127.0.0.1:0");
    }

    [Fact]
    public async Task A_second_server_names_the_first_and_commands_talk_to_it()
    {
        var first = Start("serve --data DATA --urls http://127.0.0.1:0");
        var url = (await first.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!.Split(' ')[^1];
        var line = await RefusedAsync(3, "serve --data DATA --urls http://127.0.0.1:0");
        Assert.Contains(first.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), line, StringComparison.Ordinal);
        Assert.Contains(url, line, StringComparison.Ordinal);

        var (exit, output, errors) = await RunAsync("status --data DATA --json");
        Assert.Equal((0, ""), (exit, errors));
        Assert.Equal(1, output.Count(c => c == '\n'));
        Assert.True(JsonDocument.Parse(output).RootElement.GetProperty("uptimeSeconds").GetDouble() >= 0);

        (exit, output, _) = await RunAsync("verify --data DATA --json");
        Assert.Equal(0, exit);
        var names = JsonDocument.Parse(output).RootElement.EnumerateObject().Select(property => property.Name);
        Assert.Equal(["images", "rows", "files", "orphans", "missing", "damaged", "countersEqual"], names);

        Assert.Equal(0, Kill(first.Id, 15));
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, first.ExitCode);
    }

    [Fact]
    public async Task Jobs_without_a_server_are_those_in_the_data_folder()
    {
        Directory.CreateDirectory(Data);
        Assert.Equal((0, "No jobs.\n", ""), await RunAsync("jobs --data DATA"));
        Assert.Equal((0, "{\"items\":[],\"next\":null}\n", ""), await RunAsync("jobs --open --status Paused --data DATA --json"));
        Assert.Equal((0, "{\"removedJobs\":0}\n", ""), await RunAsync("jobs cleanup --older-than-days 0 --data DATA --json"));
        Assert.Contains("no job 7", await RefusedAsync(2, "jobs cancel 7 --data DATA"), StringComparison.Ordinal);
        Assert.Contains("no library 'x'", await RefusedAsync(2, "jobs start both --library x --data DATA"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_is_added_with_a_password_from_standard_input()
    {
        var (exit, output, errors) = await RunAsync("user add ada --data DATA", "correct horse battery\n");
        Assert.Equal((0, ""), (exit, errors));
        Assert.Contains("Admin", output, StringComparison.Ordinal);
        await RefusedAsync(2, "user add ada --data DATA", "correct horse battery\n");
        await RefusedAsync(2, "user add bob --data DATA", "short\n");
    }

    private async Task<string> RefusedAsync(int exitCode, string arguments, string input = "")
    {
        var (exit, output, errors) = await RunAsync(arguments, input);
        Assert.True(exit == exitCode, $"'{arguments}' ended with {exit}: {errors}");
        Assert.Equal("", output);
        Assert.StartsWith("vitrine: ", errors, StringComparison.Ordinal);
        Assert.True(errors.Count(c => c == '\n') == 1, $"'{arguments}' said more than one line: {errors}");
        return errors;
    }

    private async Task<(int Exit, string Output, string Errors)> RunAsync(string arguments, string input = "")
    {
        var process = Start(arguments);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await errors);
    }

    private Process Start(string arguments)
    {
        var process = Process.Start(BuiltProgram.StartInfo(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(argument => argument.Replace("DATA", Data, StringComparison.Ordinal).Replace("FOLDER", _folder, StringComparison.Ordinal))))!;
        _started.Add(process);
        return process;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
