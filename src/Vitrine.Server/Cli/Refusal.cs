namespace Vitrine.Server.Cli;

/// <summary>An end that a person can act on: printed as one line on standard error, and the program's exit code.</summary>
/// <param name="line">What, why, and what to do.</param>
internal sealed class Refusal(int exitCode, string line) : Exception(line)
{
    public int ExitCode { get; } = exitCode;

    public static Refusal WrongUse(string line) => new(ExitCodes.WrongUse, line);

    public static Refusal CouldNotRun(string line) => new(ExitCodes.CouldNotRun, line);
}

internal static class ExitCodes
{
    public const int AllDone = 0;
    public const int SomeFailed = 1;
    public const int WrongUse = 2;
    public const int CouldNotRun = 3;
}
