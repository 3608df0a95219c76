using System.Globalization;

namespace Vitrine.Core.Decoding;

/// <summary>A part of the sandbox of decoders.</summary>
/// <param name="Keeps">What it keeps a decoder from that was taken over.</param>
/// <param name="Needs">What the kernel has to have.</param>
public sealed record ConfinementPart(string Name, string Keeps, bool Holds, string Needs);

/// <summary>What of the sandbox holds on this machine, as a decoder said in its greeting. Where a part is missing, the others hold.</summary>
/// <param name="FileRules">The version of Landlock; 0 for none.</param>
public sealed record Confinement(bool SystemCalls, int FileRules)
{
    private const string FileRulesMark = "landlock=", SystemCallsMark = "seccomp";
    private const int Truncating = 3, Tcp = 4, Devices = 5, Scopes = 6;

    public static Confinement Of(Hello hello)
    {
        var rules = hello.Limits.FirstOrDefault(limit => limit.StartsWith(FileRulesMark, StringComparison.Ordinal));
        var version = rules is not null && int.TryParse(rules[FileRulesMark.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var said) ? said : 0;
        return new(hello.Limits.Contains(SystemCallsMark), version);
    }

    public IReadOnlyList<ConfinementPart> Parts =>
    [
        new("system calls", "opens no socket, starts no program, sends no signal, opens nothing for writing", SystemCalls, "seccomp in the kernel, and a container that lets its programs use it"),
        new("files", "reads the libraries, the spool and the system's programs, and nothing else", FileRules > 0, "Landlock (Linux 5.13, and \"landlock\" among the kernel's security modules)"),
        new("truncating", "cuts no file short", FileRules >= Truncating || SystemCalls, "Linux 6.2, or seccomp"),
        new("TCP", "connects to nothing and listens nowhere", FileRules >= Tcp || SystemCalls, "Linux 6.7, or seccomp"),
        new("devices", "sends no request to a device", FileRules >= Devices || SystemCalls, "Linux 6.10, or seccomp"),
        new("other processes", "reaches none by signals or abstract sockets", FileRules >= Scopes || SystemCalls, "Linux 6.12, or seccomp"),
    ];

    public bool IsWhole => Parts.All(part => part.Holds);
}
