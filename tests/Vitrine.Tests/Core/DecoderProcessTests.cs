using System.Diagnostics;
using System.Globalization;
using Vitrine.Core.Decoding;

namespace Vitrine.Tests.Core;

/// <summary>Starting a program that is no decoder: it is refused, and it does not stay behind.</summary>
public sealed class DecoderProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-decoder-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_start_that_is_given_up_leaves_no_process()
    {
        using var stop = new CancellationTokenSource();
        var starting = DecoderProcess.StartAsync(Program("exec sleep 20"), TimeProvider.System, stop.Token);
        var process = await StartedAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        AssertEnded(process);
    }

    [Fact]
    public async Task A_program_that_speaks_another_protocol_is_ended()
    {
        await using (var hello = File.Create(Path.Combine(_folder, "hello"))) new FrameWriter(hello).Write(new Hello(Hello.CurrentProtocol + 1, "other", [], []));
        var starting = DecoderProcess.StartAsync(Program($"cat {_folder}/hello; exec sleep 20"), TimeProvider.System, TestContext.Current.CancellationToken);
        var process = await StartedAsync();
        await Assert.ThrowsAsync<DecoderUnavailableException>(() => starting);
        AssertEnded(process);
    }

    /// <summary>A stop of the whole group would otherwise end a decoder that is just starting, and that would be told as a decoder that cannot start.</summary>
    [Fact]
    public async Task A_stop_does_not_come_to_a_decoder_that_has_just_begun()
    {
        const ulong interruptAndTerminate = (1 << 1) | (1 << 14);
        var start = new ProcessStartInfo("/bin/grep", ["SigBlk", "/proc/self/status"]) { RedirectStandardOutput = true };
        using var process = await DecoderLauncher.StartAsync(start);
        var said = await process!.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(interruptAndTerminate, ulong.Parse(said.Split('\t')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & interruptAndTerminate);
    }

    private DecoderCommand Program(string body)
    {
        var path = Path.Combine(_folder, "program");
        File.WriteAllText(path, $"#!/bin/sh\necho $$ > {_folder}/pid.new; mv {_folder}/pid.new {_folder}/pid\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return new(path, 1L << 30, 0);
    }

    private async Task<string> StartedAsync()
    {
        var pid = Path.Combine(_folder, "pid");
        while (!File.Exists(pid)) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        return (await File.ReadAllTextAsync(pid, TestContext.Current.CancellationToken)).Trim();
    }

    private static void AssertEnded(string process) => Assert.False(Directory.Exists($"/proc/{process}"), $"Process {process} is still there.");
}
