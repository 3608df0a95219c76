using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Vitrine.Core.Jobs;

namespace Vitrine.Imaging.Native;

/// <summary>
/// The few calls of Linux (x64) that .NET has no equivalent for: names as bytes, opening beneath a descriptor without following
/// links, times in nanoseconds, and memory that the garbage collector does not count.
/// </summary>
internal static unsafe partial class Posix
{
    public const int NonBlocking = 0x800;
    public const int Directory = 0x10000;
    public const int NoFollow = 0x20000;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000;

    private const int AtCurrentDirectory = -100;
    private const int AtSymlinkNoFollow = 0x100;
    private const int AtEmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;

    private const int NoEntry = 2;
    private const int AccessDenied = 13;
    private const int NotADirectory = 20;
    private const int NameTooLong = 36;
    private const int TooManyLinks = 40;

    /// <summary>Opens an absolute path, links included: only for a library's root.</summary>
    public static SafeFileHandle OpenRoot(string root) =>
        Opened(OpenAtNative(AtCurrentDirectory, Terminated(System.Text.Encoding.UTF8.GetBytes(root)), PathOnly | Directory | CloseOnExec, 0));

    /// <summary>Opens one segment below an open directory. A symbolic link is never followed.</summary>
    /// <exception cref="Sources.RefusedException">It is not there or cannot be opened.</exception>
    public static SafeFileHandle OpenAt(SafeFileHandle directory, ReadOnlySpan<byte> segment, int flags) =>
        Opened(OpenAtNative((int)directory.DangerousGetHandle(), Terminated(segment), flags | NoFollow | CloseOnExec, 0));

    /// <summary>The state of an open descriptor.</summary>
    public static FileState Stat(SafeFileHandle file) => StatAt((int)file.DangerousGetHandle(), [0], AtEmptyPath) ?? throw Refused(Marshal.GetLastPInvokeError());

    /// <summary>The state of a name in a directory, of a link itself where it is one; null where it has gone or cannot be looked at.</summary>
    public static FileState? StatAt(SafeFileHandle directory, ReadOnlySpan<byte> name) =>
        StatAt((int)directory.DangerousGetHandle(), Terminated(name), AtSymlinkNoFollow);

    private static FileState? StatAt(int directory, ReadOnlySpan<byte> terminated, int flags)
    {
        Statx found;
        return StatxNative(directory, terminated, flags, BasicStats, &found) == 0
            ? new FileState(found.Mode, (long)found.Size, found.Modified.Nanoseconds, found.Changed.Nanoseconds, (long)found.Inode)
            : null;
    }

    /// <summary>The next names of a directory as linux_dirent64 records; 0 at the end.</summary>
    public static int ReadDirectory(SafeFileHandle directory, Span<byte> buffer)
    {
        var got = GetDirectoryEntries((int)directory.DangerousGetHandle(), buffer, (nuint)buffer.Length);
        return got >= 0 ? (int)got : throw Refused(Marshal.GetLastPInvokeError());
    }

    /// <summary>The next names are the first again.</summary>
    public static void Rewind(SafeFileHandle directory)
    {
        if (Seek((int)directory.DangerousGetHandle(), 0, 0) < 0) throw Refused(Marshal.GetLastPInvokeError());
    }

    private static byte[] Terminated(ReadOnlySpan<byte> name) => [.. name, 0];

    private static SafeFileHandle Opened(int descriptor) =>
        descriptor >= 0 ? new(descriptor, ownsHandle: true) : throw Refused(Marshal.GetLastPInvokeError());

    private static Sources.RefusedException Refused(int error) => error switch
    {
        // A link or a file where a directory was: what was recorded is not there.
        NoEntry or NotADirectory or NameTooLong or TooManyLinks => new(Outcome.Failed, Reason.SourceMissing, "It is not there."),
        AccessDenied => new(Outcome.Failed, Reason.SourceUnreadable, "Permission denied."),
        _ => new(Outcome.Failed, Reason.SourceUnreadable, new Win32Exception(error).Message),
    };

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAtNative(int directory, ReadOnlySpan<byte> path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int StatxNative(int directory, ReadOnlySpan<byte> path, int flags, uint mask, Statx* found);

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    private static partial nint GetDirectoryEntries(int directory, Span<byte> buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial nint Seek(int file, nint offset, int from);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "mremap", SetLastError = true)]
    public static partial nint Remap(nint address, nuint oldLength, nuint newLength, int flags);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(nint address, nuint length);

    [StructLayout(LayoutKind.Sequential)]
    private struct StatxTime
    {
        private readonly long _seconds;
        private readonly uint _nanoseconds;
        private readonly int _reserved;

        public readonly long Nanoseconds => unchecked((_seconds * 1_000_000_000) + _nanoseconds);
    }

    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct Statx
    {
        private readonly uint _mask;
        private readonly uint _blockSize;
        private readonly ulong _attributes;
        private readonly uint _links;
        private readonly uint _user;
        private readonly uint _group;
        public readonly ushort Mode;
        private readonly ushort _padding;
        public readonly ulong Inode;
        public readonly ulong Size;
        private readonly ulong _blocks;
        private readonly ulong _attributesMask;
        private readonly StatxTime _accessed;
        private readonly StatxTime _born;
        public readonly StatxTime Changed;
        public readonly StatxTime Modified;
    }
}
