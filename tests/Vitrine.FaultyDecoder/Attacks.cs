using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Vitrine.FaultyDecoder;

/// <summary>
/// What code would try that took a decoder over, by the bare calls of the kernel (x86-64). Each attempt is told as <c>what=error number</c>, or <c>what=done</c>.
/// </summary>
internal static unsafe partial class Attacks
{
    private const int AtCurrent = -100, WriteCreate = 0x41, ReadOnly = 0;
    private const int Shared = 1, Private = 2, Anonymous = 0x20, GrowsDown = 0x100, ReadWrite = 3;
    private const nuint Gibibyte = 1 << 30, Page = 4096;

    /// <param name="file">What some of them are about: of somebody else.</param>
    public static string Run(string name, string file) => string.Join(' ', (name switch
    {
        "socket" => Sockets(),
        "write" => Writes(file),
        "read" => Reads(file),
        "memory" => Memory(),
        "start" => Starts(),
        "spy" => Spies(),
        "signal" => Signals(),
        "kernel" => KernelDoors(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such attack."),
    }).Select(attempt => $"{attempt.What}={Told(attempt.Result)}"));

    public static nint MapPrivate(nuint length) => Map(0, length, ReadWrite, Private | Anonymous, -1, 0);

    public static int MakeReadOnly(nint block, nuint length) => Protect(block, length, 1);

    private static string Told((nint Value, int Error) result) => result.Value >= 0 ? "done" : result.Error.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<(string What, (nint, int) Result)> Sockets() =>
    [
        ("internet", Try(41, 2, 1, 0)), ("internet6", Try(41, 10, 1, 0)), ("datagram", Try(41, 2, 2, 0)), ("local", Try(41, 1, 1, 0)), ("netlink", Try(41, 16, 3, 0)),
        ("pair", Try(53, 1, 1, 0)), ("connect", Try(42, 0, 0, 0)), ("bind", Try(49, 0, 0, 0)), ("send", Try(44, 1, 0, 0)),
    ];

    private static IEnumerable<(string What, (nint, int) Result)> Writes(string file) =>
    [
        ("open", With(file, path => Try(2, path, 1, 0))), ("openat", With(file, path => Try(257, AtCurrent, path, 2))),
        ("create", With(file + ".new", path => Try(257, AtCurrent, path, WriteCreate, 0x1a4))), ("creat", With(file + ".new", path => Try(85, path, 0x1a4))),
        ("temporary", With($"/tmp/vitrine-attack-{Parent()}", path => Try(257, AtCurrent, path, WriteCreate, 0x1a4))),
        ("nameless", With(Path.GetDirectoryName(file)!, path => Try(257, AtCurrent, path, 0x410001, 0x1a4))),
        ("memory-disk", With($"/dev/shm/vitrine-attack-{Parent()}", path => Try(257, AtCurrent, path, WriteCreate, 0x1a4))),
        ("truncate", With(file, path => Try(76, path, 0))), ("unlink", With(file, path => Try(87, path))), ("mode", With(file, path => Try(90, path, 0x1ff))),
        ("rename", With(file, from => With(file + ".new", to => Try(82, from, to)))), ("link", With(file, from => With(file + ".new", to => Try(86, from, to)))),
        ("symlink", With(file + ".new", to => Try(88, to, to))), ("mkdir", With(file + ".new", path => Try(83, path, 0x1ff))),
        ("oom", With("/proc/self/oom_score_adj", path => Try(257, AtCurrent, path, 1))),
    ];

    private static IEnumerable<(string What, (nint, int) Result)> Reads(string file)
    {
        var parent = Parent();
        return
        [
            ("file", With(file, path => Try(257, AtCurrent, path, ReadOnly))), ("folder", With(Path.GetDirectoryName(file)!, path => Try(257, AtCurrent, path, 0x10000))),
            ("passwords", With("/etc/passwd", path => Try(257, AtCurrent, path, ReadOnly))), ("root", With("/", path => Try(257, AtCurrent, path, 0x10000))),
            ("environment", With($"/proc/{parent}/environ", path => Try(257, AtCurrent, path, ReadOnly))),
            ("memory", With($"/proc/{parent}/mem", path => Try(257, AtCurrent, path, ReadOnly))),
            ("descriptors", With($"/proc/{parent}/fd", path => Try(257, AtCurrent, path, 0x10000))),
        ];
    }

    private static IEnumerable<(string What, (nint, int) Result)> Memory() =>
    [
        ("two-gibibytes", Filled(2 * Gibibyte)), ("break", Broken(2 * Gibibyte)), ("shared", Try(9, 0, (nint)Gibibyte, ReadWrite, Shared | Anonymous, -1)),
        ("stack", Try(9, 0, (nint)Gibibyte, ReadWrite, Private | Anonymous | GrowsDown, -1)), ("memfd", With("m", name => Try(319, name, 0))),
        ("segment", Try(29, 0, (nint)Gibibyte, 0x3b6)), ("limit", Limited()), ("oldlimit", Limited(160)),
    ];

    private static IEnumerable<(string What, (nint, int) Result)> Starts()
    {
        yield return ("execve", With("/bin/true", path => Try(59, path, 0, 0)));
        yield return ("execveat", With("/bin/true", path => Try(322, AtCurrent, path, 0, 0, 0)));
        yield return ("fork", Ended(Try(57)));
        yield return ("vfork", Vfork());
        yield return ("clone", Ended(Try(56, 17, 0, 0)));
        yield return ("clone-thread-of-user", Try(56, 0x10000000 | 0x3d0f00, 0, 0));
        yield return ("clone3", Try(435, 0, 0));
        yield return ("setsid", Try(112));
    }

    private static IEnumerable<(string What, (nint, int) Result)> Spies()
    {
        var parent = Parent();
        return
        [
            ("attach", Try(101, 16, parent, 0, 0)), ("seize", Try(101, 0x4206, parent, 0, 0)), ("traced", Try(101, 0, 0, 0, 0)), ("read", Try(310, parent, 0, 0, 0, 0)),
            ("write", Try(311, parent, 0, 0, 0, 0)), ("descriptor", Try(434, parent, 0)), ("limits", Try(302, parent, 0, 0, 0)), ("compare", Try(312, parent, parent, 0, 0, 0)),
            ("affinity", Try(203, parent, 8, 0)), ("priority", Try(141, 0, parent, 19)), ("tracer", Try(157, 0x59616d61, parent, 0)),
        ];
    }

    /// <summary>Signal 0 asks only whether it would be allowed.</summary>
    private static IEnumerable<(string What, (nint, int) Result)> Signals()
    {
        var parent = Parent();
        return
        [
            ("kill", Try(62, parent, 0)), ("group", Try(62, 0, 0)), ("all", Try(62, -1, 0)), ("thread", Try(200, parent, 0)), ("thread-of", Try(234, parent, parent, 0)),
            ("queue", Try(129, parent, 0, 0)), ("handle", Try(424, 0, 0, 0, 0)), ("owner", Try(72, 0, 8, parent)), ("signal-of", Try(72, 0, 10, 9)), ("type", Try(16, 2, 0x5412, 0)),
        ];
    }

    private static IEnumerable<(string What, (nint, int) Result)> KernelDoors() =>
    [
        ("mount", Try(165, 0, 0, 0, 0, 0)), ("unshare", Try(272, 0x10000000)), ("setns", Try(308, 0, 0)), ("chroot", With("/", path => Try(161, path))), ("bpf", Try(321, 0, 0, 0)),
        ("perf", Try(298, 0, 0, 0, 0, 0)), ("userfault", Try(323, 0)), ("uring", Try(425, 1, 0)), ("keys", Try(250, 0, -3, 0)), ("addkey", Try(248, 0, 0, 0, 0, 0)),
        ("module", Try(175, 0, 0, 0)), ("reboot", Try(169, 0, 0, 0)), ("setuid", Try(105, 0)), ("filter", Try(317, 1, 0, 0)), ("rules", Try(446, -1, 0)),
        ("x32", Try(0x40000000 | 39)), ("newest", Try(460, 0, 0)), ("handle", Try(304, 0, 0, 0)), ("pidfd", Try(434, Parent(), 0)), ("splice", Try(275, 0, 0, 0, 0, 0)),
    ];

    private static nint Parent() => GetParent();

    private static (nint, int) Filled(nuint bytes)
    {
        var block = MapPrivate(bytes);
        if (block == -1) return (-1, Marshal.GetLastPInvokeError());
        for (nuint at = 0; at < bytes; at += Page) ((byte*)block)[at] = 1;
        return (0, 0);
    }

    /// <summary>The kernel answers with the old end where the new one is refused.</summary>
    private static (nint, int) Broken(nuint bytes)
    {
        var before = Try(12, 0).Value;
        return Try(12, before + (nint)bytes).Value > before ? (0, 0) : (-1, 12);
    }

    /// <summary>Its own limit of memory, raised to none.</summary>
    private static (nint, int) Limited(int call = 302)
    {
        ulong* none = stackalloc ulong[2] { ulong.MaxValue, ulong.MaxValue };
        return call == 302 ? Try(302, 0, 2, (nint)none, 0) : Try(160, 2, (nint)none);
    }

    /// <summary>A fork that worked is this process once more: it ends there.</summary>
    private static (nint, int) Ended((nint Value, int Error) fork)
    {
        if (fork.Value == 0) Leave(0);
        return fork;
    }

    /// <summary>Only that it is refused is looked at: one that worked would share this stack.</summary>
    private static (nint, int) Vfork() => Ended(Try(58));

    private static (nint, int) With(string text, Func<nint, (nint, int)> attempt)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(text + "\0")) return attempt((nint)bytes);
    }

    private static (nint Value, int Error) Try(nint number, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0)
    {
        var value = Call(number, a, b, c, d, e, 0);
        return (value, value < 0 ? Marshal.GetLastPInvokeError() : 0);
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParent();

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Leave(int code);
}
