using System.Runtime.InteropServices;

namespace Vitrine.Decoder;

/// <summary>
/// What the process may open, by Landlock: the originals that it is given, the runtime and the libraries, and a few files that tell of the machine. Nothing for
/// writing but /dev/null. The rules bind one thread and the program that it becomes, and are bound to the directories as they are now.
/// </summary>
internal static class FileRules
{
    private const ulong Execute = 1 << 0, WriteFile = 1 << 1, ReadFile = 1 << 2, ReadDirectory = 1 << 3;
    private const ulong Read = ReadFile | ReadDirectory;

    /// <summary>Rights that a rule for a file may name: execute, write, read, truncate, requests to a device.</summary>
    private const ulong OfFile = Execute | WriteFile | ReadFile | (1 << 14) | (1 << 15);

    /// <summary>All rights on files that a version knows; binding and connecting of TCP since version 4; signals and abstract sockets since 6.</summary>
    private const ulong Tcp = 0b11, Scopes = 0b11;
    private const int HasTcp = 4, HasScopes = 6;

    /// <summary>Where the libraries of a machine stand, and how the loader finds them.</summary>
    private static readonly string[] Libraries =
        ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/dotnet"];

    /// <summary>What the runtime and the C library look at: this process, memory, processors, time zone, the configuration of the hashes' library.</summary>
    private static readonly string[] Machine =
    [
        "/proc/self", "/proc/meminfo", "/proc/cpuinfo", "/proc/stat", "/proc/filesystems", "/proc/sys/vm/overcommit_memory", "/proc/sys/vm/max_map_count",
        "/sys/fs/cgroup", "/sys/devices/system", "/sys/kernel/mm/transparent_hugepage", "/dev/urandom", "/dev/random", "/dev/zero", "/etc/localtime",
        "/usr/share/zoneinfo", "/etc/ssl/openssl.cnf", "/etc/pki/tls/openssl.cnf", "/etc/crypto-policies",
    ];

    /// <summary>For drawings with letters.</summary>
    private static readonly string[] Fonts =
        ["/etc/fonts", "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig", "/usr/share/xml/fontconfig", "/var/cache/fontconfig"];

    /// <summary>Takes the rules for this thread.</summary>
    /// <returns>The options with what holds: the version of Landlock, 0 where this kernel has none, and the roots that were there to have a rule.</returns>
    public static SandboxOptions Take(SandboxOptions options, string program)
    {
        var version = Kernel.FileRulesVersion();
        if (version == 0) return options;
        var ruleset = Kernel.NewRuleset(Handled(version));
        if (ruleset < 0) return options;
        var mapped = ProgramsInMemory(File.ReadLines("/proc/self/maps"));
        foreach (var path in Readable(options, mapped)) Kernel.AllowBeneath(ruleset, path, Read, OfFile);
        var roots = options.Roots.Where(root => Kernel.AllowBeneath(ruleset, root, Read, OfFile)).ToList();
        // To become the second stage: this program, and the loader that the kernel starts it by.
        foreach (var path in mapped.Where(IsLoader).Append("/lib64/ld-linux-x86-64.so.2").Append(program)) Kernel.AllowBeneath(ruleset, path, Execute | Read, OfFile);
        Kernel.AllowBeneath(ruleset, "/dev/null", WriteFile | ReadFile, OfFile);
        return Kernel.Restrict(ruleset) ? options with { FileRules = version, Roots = roots } : options;
    }

    private static ulong[] Handled(int version)
    {
        var files = version switch { 1 => (1ul << 13) - 1, 2 => (1ul << 14) - 1, 3 or 4 => (1ul << 15) - 1, _ => (1ul << 16) - 1 };
        return version switch { < HasTcp => [files], < HasScopes => [files, Tcp], _ => [files, Tcp, Scopes] };
    }

    private static IEnumerable<string> Readable(SandboxOptions options, IReadOnlyList<string> mapped)
    {
        var runtime = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        string[] flavour = options.Libraries is { } folder ? [folder, .. Fonts] : [];
        // Wherever a distribution puts them, the libraries that run now are found again: the second stage is the same program.
        var folders = mapped.Select(file => Path.GetDirectoryName(file)!).Distinct();
        return [AppContext.BaseDirectory, runtime, .. Libraries, .. folders, .. Machine, .. flavour];
    }

    /// <summary>Files of which a part may be executed here, by lines of /proc/self/maps: <c>from-to rwxp offset device inode path</c>.</summary>
    private static List<string> ProgramsInMemory(IEnumerable<string> maps) =>
    [
        .. maps.Select(line => line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries)).Where(fields => fields.Length == 6 && fields[1].Contains('x'))
            .Select(fields => fields[5]).Where(path => path.StartsWith('/') && File.Exists(path)).Distinct(),
    ];

    private static bool IsLoader(string path) => Path.GetFileName(path).StartsWith("ld-", StringComparison.Ordinal);
}
