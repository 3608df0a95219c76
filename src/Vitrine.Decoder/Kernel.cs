using System.Runtime.InteropServices;

namespace Vitrine.Decoder;

/// <summary>Calls of the kernel that the C library has no function for.</summary>
internal static unsafe partial class Kernel
{
    private const int PathOnly = 0x200000, CloseOnExec = 0x80000;
    private const uint FilterMode = 1;
    private const uint AllThreads = 1, KeepSpeculation = 4;
    private const uint RulesetVersion = 1, BeneathPath = 1;
    private const uint CapabilitiesOf64Bits = 0x20080522;

    /// <summary>
    /// Sets a filter of system calls, for this thread and what it starts, or for all threads. False: this kernel has none. Nothing here runs code of strangers at
    /// high speed, so the speculation of the processor is left as it is: older kernels would slow the whole decoder down.
    /// </summary>
    public static bool Filter(IReadOnlyList<FilterInstruction> program, bool allThreads)
    {
        FilterInstruction[] instructions = [.. program];
        fixed (FilterInstruction* first = instructions)
        {
            var described = new Program { Length = (ushort)instructions.Length, First = first };
            return Call((nint)SystemCall.Seccomp, (nint)FilterMode, (nint)(KeepSpeculation | (allThreads ? AllThreads : 0)), (nint)(&described), 0) == 0;
        }
    }

    /// <summary>The version of Landlock; 0 where there is none.</summary>
    public static int FileRulesVersion() => Math.Max(0, (int)Call((nint)SystemCall.LandlockCreateRuleset, 0, 0, (nint)RulesetVersion, 0));

    /// <returns>A descriptor, or -1.</returns>
    public static int NewRuleset(ReadOnlySpan<ulong> handled)
    {
        fixed (ulong* attributes = handled)
            return (int)Call((nint)SystemCall.LandlockCreateRuleset, (nint)attributes, handled.Length * sizeof(ulong), 0, 0);
    }

    /// <summary>Allows an access at and below a path. A path that is not there has nothing to be allowed.</summary>
    /// <param name="ofFile">What is allowed where it is a file: a rule that names more is refused.</param>
    public static bool AllowBeneath(int ruleset, string path, ulong access, ulong ofFile)
    {
        var place = Open(path, PathOnly | CloseOnExec, 0);
        if (place < 0) return false;
        var rule = new PathRule { Access = Directory.Exists(path) ? access : access & ofFile, Place = place };
        var isAllowed = Call((nint)SystemCall.LandlockAddRule, ruleset, (nint)BeneathPath, (nint)(&rule), 0) == 0;
        _ = Close(place);
        return isAllowed;
    }

    public static bool Restrict(int ruleset)
    {
        var done = Call((nint)SystemCall.LandlockRestrictSelf, ruleset, 0, 0, 0) == 0;
        _ = Close(ruleset);
        return done;
    }

    /// <summary>
    /// Gives up all privileges of this process but these. The program that it starts in its place has no more, whoever its user is: "no new privileges" holds for
    /// them as well.
    /// </summary>
    public static bool KeepPrivileges(uint kept)
    {
        var header = new CapabilityHeader { Version = CapabilitiesOf64Bits };
        var sets = stackalloc CapabilitySet[2];
        if (Call((nint)SystemCall.Capget, (nint)(&header), (nint)sets, 0, 0) != 0) return false;
        sets[0] = new() { Effective = sets[0].Effective & kept, Permitted = sets[0].Permitted & kept };
        sets[1] = default;
        return Call((nint)SystemCall.Capset, (nint)(&header), (nint)sets, 0, 0) == 0;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint a, nint b, nint c, nint d);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        public ushort Length;
        public FilterInstruction* First;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct PathRule
    {
        public ulong Access;
        public int Place;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct CapabilityHeader
    {
        public uint Version;
        public int Process;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct CapabilitySet
    {
        public uint Effective;
        public uint Permitted;
        public uint Inheritable;
    }
}
