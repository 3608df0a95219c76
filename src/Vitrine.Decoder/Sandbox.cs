using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Decoder;

/// <summary>
/// The limits of this process, set in two stages: the first takes what can be taken, then starts the program anew in its place, so
/// that every thread of the second has lived under them from its start. libvips and our own parsers run in the second only, once it has closed the door
/// that it came through: from then on it starts nothing and opens nothing for writing. What this kernel has not is left out, and the greeting says so.
/// </summary>
internal static partial class Sandbox
{
    private const int DataLimit = 2, CoreLimit = 4, FilesLimit = 7;
    private const ulong OpenFiles = 256;
    private const int NoNewPrivileges = 38, DeathSignal = 1;

    /// <summary>
    /// CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, which only a server that runs as root has to give: it reads originals of other users, and starts a program that only
    /// its builder may start. What it must not write is refused otherwise.
    /// </summary>
    private const uint ReadEverything = (1 << 1) | (1 << 2);

    private const int WriteOnly = 1;
    private const int Interrupt = 2, Kill = 9, Terminate = 15;
    private const nint Ignore = 1;

    /// <summary>384 MiB, hexadecimal: the dictionary of an archive stands in it.</summary>
    private const string GcHeapBytes = "18000000";

    /// <summary>4 MiB, hexadecimal: without it the collector would let the heap grow with its limit.</summary>
    private const string GcYoungBytes = "400000";

    /// <summary>What the second stage may know of the parent's environment: no credential is among them.</summary>
    private static readonly string[] Kept = ["PATH", "HOME", "LANG", "TMPDIR", "DOTNET_ROOT", "DOTNET_ROOT_X64"];

    /// <summary>
    /// Ctrl-C and a service's stop reach every process of the group: a decoder that ended by them would be taken for one that an image crashed.
    /// It ends when its input does. For both stages: the runtime keeps an ignored SIGINT, and takes SIGTERM for itself at its start.
    /// </summary>
    public static void IgnoreStops()
    {
        _ = Handle(Interrupt, Ignore);
        _ = Handle(Terminate, Ignore);
    }

    /// <summary>Takes the limits and becomes the second stage. Returns only where that fails.</summary>
    public static int Enter(SandboxOptions options)
    {
        if (!TakeLimits(options)) return 3;
        var program = Environment.ProcessPath!;
        // The filter last: it refuses the calls that set what stands before it.
        var confined = FileRules.Take(options, program);
        _ = Kernel.Filter(FilterProgram.Write(CallRules.ForStart(Environment.ProcessId, confined.FileRules > 0), SystemCall.NewestKnown), allThreads: false);
        return Become(program, confined);
    }

    /// <summary>
    /// The second stage's last step before it reads what a stranger made. Its error stream leads nowhere from here on: what a library that was taken over
    /// writes there would stand in the server's log, or on a terminal.
    /// </summary>
    /// <returns>Whether the filter of system calls holds.</returns>
    public static bool Close(SandboxOptions options)
    {
        var nowhere = Kernel.Open("/dev/null", WriteOnly, 0);
        if (nowhere >= 0) _ = DuplicateTo(nowhere, 2);
        if (nowhere > 2) _ = Kernel.Close(nowhere);
        return Kernel.Filter(FilterProgram.Write(CallRules.ForWork(Environment.ProcessId, options.FileRules > 0), SystemCall.NewestKnown), allThreads: true);
    }

    internal static bool TakeLimits(SandboxOptions options)
    {
        var taken = Limit(DataLimit, (ulong)options.MemoryBytes) && Limit(CoreLimit, 0) && Limit(FilesLimit, OpenFiles)
            && Control(NoNewPrivileges, 1, 0, 0, 0) == 0 && Kernel.KeepPrivileges(ReadEverything) && EndWith(options.Parent);
        if (!taken)
        {
            Console.Error.WriteLine($"The decoder's limits could not be set (errno {Marshal.GetLastPInvokeError()}).");
            return false;
        }
        // The first to go when memory is short; a lower value needs a privilege, this one none.
        File.WriteAllText("/proc/self/oom_score_adj", "800");
        if (options.Nice > 0) _ = Nice(options.Nice);
        return true;
    }

    internal static int Become(string program, SandboxOptions options, params string[] more)
    {
        _ = Execute(program, [.. Arguments(program, options), .. more, null], Variables(options));
        Console.Error.WriteLine($"The decoder's second stage could not be started (errno {Marshal.GetLastPInvokeError()}).");
        return 3;
    }

    /// <summary>What holds in this process, for the parent's doctor.</summary>
    public static IReadOnlyList<string> Limits(SandboxOptions options, bool isFiltered) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"data={options.MemoryBytes}"), "core=0", $"files={OpenFiles}", "no-new-privs", "gc-heap=402653184",
        .. options.FileRules > 0 ? [string.Create(CultureInfo.InvariantCulture, $"landlock={options.FileRules}")] : Array.Empty<string>(),
        .. isFiltered ? ["seccomp"] : Array.Empty<string>(),
    ];

    /// <summary>Formats of the system's libvips that are read in this process.</summary>
    public static IReadOnlyList<string> FormatsOf(SandboxOptions options, bool isFiltered) =>
        isFiltered && options.FileRules > 0 ? [.. options.Formats, .. options.Confined] : options.Formats;

    /// <summary>
    /// The protocol's output. Descriptor 1 becomes a copy of the error stream: whatever a library prints cannot get into the protocol.
    /// </summary>
    public static FileStream TakeOutput()
    {
        var protocol = Duplicate(1);
        if (protocol < 0 || DuplicateTo(2, 1) < 0) throw new IOException("The output cannot be taken.");
        return new FileStream(new SafeFileHandle(protocol, ownsHandle: true), FileAccess.Write, bufferSize: 0);
    }

    public static FileStream TakeInput() => new(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);

    /// <summary>Ends the process at once, whatever a decode is doing.</summary>
    public static void End() => ExitNow(0);

    /// <summary>
    /// The kernel ends this process when the thread that started it ends, which only a parent asks for that starts it from a thread that stays. Nothing here can take
    /// that back once the filter holds. A parent that is gone already gives no signal any more.
    /// </summary>
    private static bool EndWith(int parent) => parent == 0 || (Control(DeathSignal, Kill, 0, 0, 0) == 0 && ParentNow() == parent);

    private static bool Limit(int resource, ulong value) => SetLimit(resource, [value, value]) == 0;

    private static string[] Arguments(string program, SandboxOptions options)
    {
        // Started as "dotnet Vitrine.Decoder.dll", the host needs the assembly's path again.
        string[] self = Path.GetFileName(program) == "dotnet" ? [program, Environment.GetCommandLineArgs()[0]] : [program];
        string[] flavour = options.Libraries is { } folder
            ? ["--libraries", folder, "--formats", string.Join(',', options.Formats), "--confined-formats", string.Join(',', options.Confined)]
            : [];
        return
        [
            .. self, "--stage", "two", "--memory", options.MemoryBytes.ToString(CultureInfo.InvariantCulture), "--file-rules",
            options.FileRules.ToString(CultureInfo.InvariantCulture), .. flavour, .. options.Roots.SelectMany(root => (string[])["--read", root]),
        ];
    }

    private static string?[] Variables(SandboxOptions options)
    {
        var kept = Kept.Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name))).Where(v => v.Value is not null);
        return
        [
            .. kept.Select(v => $"{v.Name}={v.Value}"),
            // The flavour: libvips does not stand beside the program, so it is loaded by its bare name, from here.
            $"LD_LIBRARY_PATH={options.Libraries ?? Path.Combine(AppContext.BaseDirectory, "bundled")}",
            $"DOTNET_GCHeapHardLimit={GcHeapBytes}",
            $"DOTNET_GCgen0size={GcYoungBytes}",
            "DOTNET_gcConcurrent=0",
            "DOTNET_EnableDiagnostics=0",
            // It would be a file in memory that every page of code stands in twice: memory that no limit counts.
            "DOTNET_EnableWriteXorExecute=0",
            "DOTNET_TieredPGO=0",
            "VIPS_WARNING=0",
            // In megabytes: older libvips read the number as one of 32 bits, found 0, and put every picture into a file.
            string.Create(CultureInfo.InvariantCulture, $"VIPS_DISC_THRESHOLD={options.MemoryBytes >> 18}m"),
            "MALLOC_ARENA_MAX=2",
            // What glibc comes to by itself after a large picture (mallopt(3): its largest threshold, and twice that). With less it gives the pixels' memory back after each
            // picture, and gets it anew from the kernel for the next one.
            "MALLOC_MMAP_THRESHOLD_=33554432",
            "MALLOC_TRIM_THRESHOLD_=67108864",
            null,
        ];
    }

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    private static partial int SetLimit(int resource, ulong[] softAndHard);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int ParentNow();

    [LibraryImport("libc", EntryPoint = "signal", SetLastError = true)]
    private static partial nint Handle(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "nice", SetLastError = true)]
    private static partial int Nice(int increment);

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] arguments, string?[] variables);

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int DuplicateTo(int from, int to);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int code);
}
