using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Vitrine.Core.Decoding;

/// <summary>
/// Whether a process does nothing at all, as the kernel tells of its threads: each is stopped, or sleeps in a call that waits for other threads, for time or for a
/// pipe. One that waits for a disk, or in a call about a file (a file system in user space lets it sleep like any other), is not hung: its source is slow. Where the
/// kernel does not tell, nothing is said.
/// </summary>
internal static class SleepingThreads
{
    private const int ReadCall = 0;

    /// <summary>poll, select, pause, nanosleep, rt_sigtimedwait, rt_sigsuspend, futex, restart_syscall, clock_nanosleep, epoll_*, pselect6, ppoll, futex_waitv (x86-64).</summary>
    private static readonly FrozenSet<int> Waits = new[] { 7, 23, 34, 35, 128, 130, 202, 219, 230, 232, 270, 271, 281, 441, 449 }.ToFrozenSet();

    /// <summary>False where any of it works or waits for a file, where it has ended, and where it cannot be known.</summary>
    public static bool AreAll(int process)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64) return false;
        try
        {
            return Directory.EnumerateDirectories($"/proc/{process}/task").All(thread => IsAsleep(
                File.ReadAllText($"{thread}/stat"), () => File.ReadAllText($"{thread}/syscall"), file => new FileInfo($"/proc/{process}/fd/{file}").LinkTarget));
        }
        catch (Exception untold) when (untold is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <param name="stat">Of a thread: its state is the letter behind the name in brackets.</param>
    /// <param name="call">Of one that sleeps: the number of the call that it is in and its arguments; <c>running</c> or -1 where it is in none.</param>
    /// <param name="nameOf">Of an open file, by its number: a path, or such as <c>pipe:[17]</c>.</param>
    public static bool IsAsleep(string stat, Func<string> call, Func<int, string?> nameOf)
    {
        var state = stat.AsSpan(stat.LastIndexOf(')') + 1).TrimStart()[0];
        return state is 'T' or 't' or 'Z' or 'X' || (state == 'S' && IsOfNoFile(call().Split(' '), nameOf));
    }

    private static bool IsOfNoFile(string[] call, Func<int, string?> nameOf)
    {
        if (!int.TryParse(call[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        if (number != ReadCall) return Waits.Contains(number);
        return nameOf(int.Parse(call[1].AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)) is { } name && !name.StartsWith('/');
    }
}
