using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Vitrine.Core.Files;

/// <summary>
/// The calls of Linux (x64) that .NET has no equivalent for: names as bytes below an open directory, never through a link. Each answers 0 or more, or the
/// negated number of the error.
/// </summary>
internal static unsafe partial class Kernel
{
    public const int WriteOnly = 1;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int Append = 0x400;
    public const int NonBlocking = 0x800;
    public const int Directory = 0x10000;
    public const int NoFollow = 0x20000;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000;

    public const int AtCurrentDirectory = -100;

    private const int SymlinkNoFollow = 0x100;
    private const int RemoveDirectory = 0x200;
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;
    private const uint KeepWhatIsThere = 1;

    /// <summary>POSIX_FADV_WILLNEED.</summary>
    private const int WillNeed = 3;

    private const nint OpenAt2Number = 437;
    private const int SetPipeSizeNumber = 1031;

    /// <summary>RESOLVE_NO_MAGICLINKS and RESOLVE_NO_SYMLINKS.</summary>
    private const ulong WithoutLinks = 0x02 | 0x04;

    /// <summary>RESOLVE_BENEATH with them.</summary>
    private const ulong Beneath = WithoutLinks | 0x08;

    /// <summary>Up to here a path needs no memory of its own on the way to the kernel.</summary>
    private const int ShortPath = 256;

    /// <summary>Of the C library's <c>struct statfs</c>, whose first word is the kind.</summary>
    private const int StatfsWords = 15;

    private const int Block = 0, Interrupt = 2, Terminate = 15;

    /// <summary>Of the C library's <c>sigset_t</c>: 1024 bits, where the kernel knows 64 signals.</summary>
    private const int SignalWords = 16;

    /// <summary>Kernels before 5.6 do not have it, and some containers forbid it.</summary>
    private static readonly Lazy<bool> HasOpenAt2 = new(() =>
    {
        var got = OpenAt2(AtCurrentDirectory, "."u8, PathOnly | Directory | CloseOnExec, 0, Beneath);
        if (got < 0) return false;
        using var opened = new SafeFileHandle(got, ownsHandle: true);
        return true;
    });

    /// <summary>Opens a path of any depth below a directory in one call; without <c>openat2</c> step by step, which only a test asks for otherwise.</summary>
    public static int OpenBeneath(SafeFileHandle directory, ReadOnlySpan<byte> path, int flags, uint mode, bool stepwise = false)
    {
        if (stepwise || !HasOpenAt2.Value) return OpenStepwise(directory, path, flags, mode);
        const int again = -11;
        var got = again;
        // The kernel could not rule out that a rename went on beside it.
        for (var tries = 0; got == again && tries < 100; tries++) got = OpenAt2(Number(directory), path, flags | CloseOnExec, mode, Beneath);
        return got;
    }

    /// <summary>Opens an absolute path to read, where no part of it is a link; an error of any kind says only that it is not to be had so.</summary>
    public static int OpenWithoutLinks(ReadOnlySpan<byte> path) =>
        HasOpenAt2.Value ? OpenAt2(AtCurrentDirectory, path, NonBlocking | CloseOnExec, 0, WithoutLinks) : -DiskError.Invalid;

    /// <summary>Opens as <see cref="OpenWithoutLinks"/> and reads as much as there is room for. The answer is how many bytes there were: one more than that where the file holds more.</summary>
    public static int ReadWithoutLinks(ReadOnlySpan<byte> path, Span<byte> into)
    {
        var opened = OpenWithoutLinks(path);
        if (opened < 0) return opened;
        byte oneMore;
        fixed (byte* start = into)
        {
            var parts = stackalloc Part[] { new(start, (nuint)into.Length), new(&oneMore, 1) };
            var got = Result((int)ReadPartsNative(opened, parts, 2, 0));
            _ = CloseNative(opened);
            return got;
        }
    }

    /// <summary>Opens a path of the whole machine.</summary>
    public static int Open(string path, int flags) => Result(OpenAtNative(AtCurrentDirectory, path, flags | CloseOnExec, 0));

    public static int MakeDirectory(SafeFileHandle directory, ReadOnlySpan<byte> name) => Result(MakeNative(Number(directory), Terminated(name), 0x1FF));

    public static int Remove(SafeFileHandle directory, ReadOnlySpan<byte> name, bool isDirectory) =>
        Result(UnlinkNative(Number(directory), Terminated(name), isDirectory ? RemoveDirectory : 0));

    /// <summary>Renames; where the target is there it stays, and the answer is <see cref="DiskError.Exists"/>.</summary>
    public static int MoveToNew(SafeFileHandle from, ReadOnlySpan<byte> name, SafeFileHandle to, ReadOnlySpan<byte> newName)
    {
        var result = Result(RenameNative(Number(from), Terminated(name), Number(to), Terminated(newName), KeepWhatIsThere));
        if (result != -DiskError.Invalid) return result;
        // A file system without that flag, such as NFS: the names are ours alone, so a look before is as good.
        return Look(to, newName, out _) == 0 ? -DiskError.Exists : MoveOver(from, name, to, newName);
    }

    public static int MoveOver(SafeFileHandle from, ReadOnlySpan<byte> name, SafeFileHandle to, ReadOnlySpan<byte> newName) =>
        Result(RenameNative(Number(from), Terminated(name), Number(to), Terminated(newName), 0));

    /// <summary>The state of a name, of a link itself where it is one. An empty name is the descriptor's own state.</summary>
    public static int Look(SafeFileHandle directory, ReadOnlySpan<byte> name, out FileState state)
    {
        Statx found;
        var result = Result(StatxNative(Number(directory), Terminated(name), name.IsEmpty ? EmptyPath : SymlinkNoFollow, BasicStats, &found));
        state = result < 0 ? default : new(found.Mode, (long)found.Size, found.Modified.Nanoseconds, found.Changed.Nanoseconds, (long)found.Inode, found.Names);
        return result;
    }

    /// <summary>Bytes at a place of a file; fewer than there is room for where the kernel has no more at hand, 0 at its end.</summary>
    public static int ReadAt(SafeFileHandle file, Span<byte> into, long offset)
    {
        const int interrupted = -4;
        var got = interrupted;
        while (got == interrupted) got = Result((int)ReadNative(Number(file), into, (nuint)into.Length, offset));
        return got;
    }

    /// <summary>The kernel begins to read a file, up to so many bytes of it, and does not wait for them.</summary>
    public static void ReadAhead(SafeFileHandle file, long bytes) => _ = AdviseNative(Number(file), 0, bytes, WillNeed);

    /// <summary>The kind of file system that a file or a directory is on, as <c>statfs</c> numbers it (linux/magic.h); 0 where it does not say.</summary>
    public static long FileSystemOf(SafeFileHandle opened)
    {
        Span<long> found = stackalloc long[StatfsWords];
        return Result(StatfsNative(Number(opened), found)) < 0 ? 0 : found[0];
    }

    /// <summary>The next names of a directory as linux_dirent64 records; 0 at the end.</summary>
    public static int ReadDirectory(SafeFileHandle directory, Span<byte> buffer) => Result((int)GetDirectoryEntries(Number(directory), buffer, (nuint)buffer.Length));

    /// <summary>How much a pipe holds: 64 KiB at first. Who is not root may have a megabyte of some dozen pipes.</summary>
    public static int SetPipeSize(SafePipeHandle pipe, int bytes) => Result(ControlNative((int)pipe.DangerousGetHandle(), SetPipeSizeNumber, bytes));

    public static int Rewind(SafeFileHandle directory) => Result((int)Seek(Number(directory), 0, 0));

    private static int OpenStepwise(SafeFileHandle directory, ReadOnlySpan<byte> path, int flags, uint mode)
    {
        var at = directory;
        try
        {
            while (path.IndexOf((byte)'/') is var slash and >= 0)
            {
                var next = Step(at, path[..slash], PathOnly | Directory, 0);
                if (next < 0) return next;
                if (at != directory) at.Dispose();
                at = new(next, ownsHandle: true);
                path = path[(slash + 1)..];
            }
            return Step(at, path, flags, mode);
        }
        finally
        {
            if (at != directory) at.Dispose();
        }
    }

    private static int Step(SafeFileHandle at, ReadOnlySpan<byte> segment, int flags, uint mode)
    {
        if (segment.IsEmpty || segment.SequenceEqual(".."u8)) return -DiskError.AcrossDevices;
        var opened = Result(OpenAtNative(Number(at), Terminated(segment), flags | NoFollow | CloseOnExec, mode));
        // "Not a directory" is said of a link as well.
        return opened == -DiskError.NotADirectory && Look(at, segment, out var state) == 0 && state.IsLink ? -DiskError.Link : opened;
    }

    private static int OpenAt2(int directory, ReadOnlySpan<byte> path, int flags, uint mode, ulong resolve)
    {
        var how = new OpenHow { Flags = (uint)flags, Mode = mode, Resolve = resolve };
        var room = path.Length < ShortPath ? stackalloc byte[ShortPath] : new byte[path.Length + 1];
        path.CopyTo(room);
        room[path.Length] = 0;
        return Result((int)SystemCall(OpenAt2Number, directory, room, &how, (nuint)sizeof(OpenHow)));
    }

    private static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    private static byte[] Terminated(ReadOnlySpan<byte> name) => [.. name, 0];

    private static int Result(int result) => result < 0 ? -Marshal.GetLastPInvokeError() : result;

    /// <summary>
    /// From here on neither Ctrl-C nor a service's stop (SIGINT, SIGTERM) comes to this thread, nor to a program that it starts, from that one's first instruction on:
    /// the mask of a thread is what it hands down.
    /// </summary>
    public static void HoldBackStops()
    {
        Span<ulong> stops = stackalloc ulong[SignalWords];
        stops.Clear();
        stops[0] = (1ul << (Interrupt - 1)) | (1ul << (Terminate - 1));
        _ = MaskNative(Block, stops, 0);
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial int OpenAtNative(int directory, ReadOnlySpan<byte> path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAtNative(int directory, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint directory, ReadOnlySpan<byte> path, OpenHow* how, nuint size);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int MaskNative(int how, ReadOnlySpan<ulong> signals, nint former);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    private static partial int MakeNative(int directory, ReadOnlySpan<byte> path, uint mode);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    private static partial int UnlinkNative(int directory, ReadOnlySpan<byte> path, int flags);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true)]
    private static partial int RenameNative(int directory, ReadOnlySpan<byte> path, int newDirectory, ReadOnlySpan<byte> newPath, uint flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int StatxNative(int directory, ReadOnlySpan<byte> path, int flags, uint mask, Statx* found);

    [LibraryImport("libc", EntryPoint = "pread64", SetLastError = true)]
    private static partial nint ReadNative(int file, Span<byte> into, nuint size, long offset);

    [LibraryImport("libc", EntryPoint = "preadv64", SetLastError = true)]
    private static partial nint ReadPartsNative(int file, Part* parts, int count, long offset);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseNative(int file);

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    private static partial int StatfsNative(int file, Span<long> found);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int AdviseNative(int file, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int ControlNative(int file, int command, int argument);

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    private static partial nint GetDirectoryEntries(int directory, Span<byte> buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial nint Seek(int file, nint offset, int from);

    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    /// <summary><c>struct iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Part(byte* start, nuint length)
    {
        private readonly byte* _start = start;
        private readonly nuint _length = length;
    }

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
        public readonly uint Names;
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
