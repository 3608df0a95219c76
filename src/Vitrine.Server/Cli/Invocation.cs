using System.CommandLine;
using System.Runtime.InteropServices;

namespace Vitrine.Server.Cli;

/// <summary>Runs the command line: whatever goes wrong is one line on standard error and an exit code.</summary>
internal static class Invocation
{
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var parsed = Parse(root, args);
        if (parsed.Errors.Count > 0) return Fail(ExitCodes.WrongUse, $"{Problem(parsed)} See 'vitrine --help'.");

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));
        try
        {
            // Signals are ours: the library's own handling would end the process after a time, in the middle of a commit.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, stop.Token);
        }
        catch (Refusal refusal)
        {
            return Fail(refusal.ExitCode, refusal.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Fail(ExitCodes.CouldNotRun, "Stopped before the end; the same command goes on from here.");
        }
        catch (Exception failure)
        {
            return Fail(ExitCodes.CouldNotRun, $"{failure.Message} Run 'vitrine doctor' to see what is wrong.");
        }
    }

    /// <summary>An argument that begins with '@' is itself, as a folder's name may, and not a file with more arguments.</summary>
    public static ParseResult Parse(RootCommand root, IReadOnlyList<string> args) => root.Parse(args, new() { ResponseFileTokenReplacer = null });

    /// <summary>A word that is no command is named, rather than the command that is missing because of it.</summary>
    private static string Problem(ParseResult parsed) =>
        parsed.UnmatchedTokens.Count > 0 ? $"'{parsed.UnmatchedTokens[0]}' is no command or option." : parsed.Errors[0].Message;

    /// <summary>The first signal ends the work in order; the second one is left to the system, which ends the process.</summary>
    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        if (stop.IsCancellationRequested) return;
        signal.Cancel = true;
        stop.Cancel();
    }

    private static int Fail(int exitCode, string line)
    {
        Console.Error.WriteLine("vitrine: " + line.ReplaceLineEndings(" "));
        return exitCode;
    }
}
