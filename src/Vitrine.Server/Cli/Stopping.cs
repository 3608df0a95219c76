namespace Vitrine.Server.Cli;

internal static class Stopping
{
    /// <summary>Until a signal asks the command to end, which is how it is meant to end.</summary>
    public static async Task UntilAsync(this CancellationToken stop)
    {
        var stopped = new TaskCompletionSource();
        await using var registration = stop.Register(stopped.SetResult);
        await stopped.Task;
    }
}
