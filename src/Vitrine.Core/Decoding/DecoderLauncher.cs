using System.Collections.Concurrent;
using System.Diagnostics;

namespace Vitrine.Core.Decoding;

/// <summary>
/// Starts decoders from one thread that lives as long as this process. The kernel ends a decoder when the thread that started it ends, whatever the decoder does:
/// a thread of the pool would take those with it that it started. What ends this process in order reaches the whole group of it: a decoder that has just begun
/// must not be ended by that, since it would be taken for one that cannot start.
/// </summary>
internal static class DecoderLauncher
{
    private static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process?> Started)> Wanted = [];

    static DecoderLauncher() => new Thread(Run) { IsBackground = true, Name = "decoder starts" }.Start();

    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public static Task<Process?> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Wanted.Add((start, started));
        return started.Task;
    }

    private static void Run()
    {
        Files.Kernel.HoldBackStops();
        foreach (var (start, started) in Wanted.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(start));
            }
            catch (System.ComponentModel.Win32Exception missing)
            {
                started.SetException(missing);
            }
        }
    }
}
