namespace Vitrine.Decoder;

/// <summary>
/// Which system calls a decoder may make: reading files, memory, its own threads, time, and the pipes that it has. Not: sockets, other processes, new programs,
/// anything that is written. Each list is what is allowed; what is on none is refused.
/// </summary>
internal static class CallRules
{
    /// <summary>CLONE_VM, FS, FILES, SIGHAND, THREAD and SYSVSEM, as threads have them; of the rest only what says where their ids are written.</summary>
    private const uint ThreadFlags = 0x50f00, ThreadMayHave = 0x7d0f00;

    /// <summary>O_WRONLY, O_RDWR, O_CREAT, O_TRUNC and O_TMPFILE.</summary>
    private const uint WritingFlags = 0x400243;

    /// <summary>Memory that RLIMIT_DATA does not count: shared without a file, and what grows downwards.</summary>
    private const uint SharedAnonymous = 0x21, GrowsDown = 0x100;

    /// <summary>Whose signals they send, and pipes of a megabyte: F_SETOWN, F_SETSIG, F_SETOWN_EX, F_NOTIFY, F_SETPIPE_SZ.</summary>
    private static readonly uint[] ForbiddenControls = [8, 10, 15, 1026, 1031];

    /// <summary>FIONBIO, FIOCLEX, FIONREAD, TCGETS and TIOCGWINSZ: a terminal that the server was started from is not typed into.</summary>
    private static readonly uint[] DeviceRequests = [0x5421, 0x5451, 0x541b, 0x5401, 0x5413];

    /// <summary>Names of threads and of memory, and questions: PR_SET_NAME, PR_GET_NAME, PR_SET_VMA, PR_GET_DUMPABLE, PR_GET_SECCOMP, PR_CAPBSET_READ, PR_GET_NO_NEW_PRIVS.</summary>
    private static readonly uint[] ProcessRequests = [15, 16, 0x53564d41, 3, 21, 23, 39];

    /// <summary>The most frequent first: an older kernel asks the filter each time.</summary>
    private static readonly SystemCall[] Always =
    [
        SystemCall.Futex, SystemCall.Read, SystemCall.Write, SystemCall.Madvise, SystemCall.Mprotect, SystemCall.Munmap, SystemCall.ClockGettime,
        SystemCall.Close, SystemCall.Stat, SystemCall.Fstat, SystemCall.Lstat, SystemCall.Newfstatat, SystemCall.Statx, SystemCall.Pread64,
        SystemCall.Readv, SystemCall.Writev, SystemCall.Pwrite64, SystemCall.Preadv, SystemCall.Pwritev, SystemCall.Preadv2, SystemCall.Pwritev2, SystemCall.Lseek,
        SystemCall.Getdents, SystemCall.Getdents64, SystemCall.Readlink, SystemCall.Readlinkat, SystemCall.Access, SystemCall.Faccessat, SystemCall.Faccessat2,
        SystemCall.Getcwd, SystemCall.Statfs, SystemCall.Fstatfs, SystemCall.Fadvise64, SystemCall.Readahead, SystemCall.Flock,
        SystemCall.Brk, SystemCall.Mremap, SystemCall.Mincore, SystemCall.Mlock, SystemCall.Munlock, SystemCall.GetMempolicy, SystemCall.Membarrier,
        SystemCall.RtSigaction, SystemCall.RtSigprocmask, SystemCall.RtSigreturn, SystemCall.RtSigpending, SystemCall.RtSigtimedwait, SystemCall.RtSigsuspend,
        SystemCall.Sigaltstack, SystemCall.Pause, SystemCall.RestartSyscall,
        SystemCall.SchedYield, SystemCall.SchedGetaffinity, SystemCall.SchedGetattr, SystemCall.SchedGetparam, SystemCall.SchedGetscheduler,
        SystemCall.SchedGetPriorityMax, SystemCall.SchedGetPriorityMin, SystemCall.Getpriority, SystemCall.Getcpu,
        SystemCall.SetRobustList, SystemCall.GetRobustList, SystemCall.SetTidAddress, SystemCall.Rseq, SystemCall.ArchPrctl, SystemCall.Exit, SystemCall.ExitGroup,
        SystemCall.Nanosleep, SystemCall.ClockNanosleep, SystemCall.ClockGetres, SystemCall.Gettimeofday, SystemCall.Time, SystemCall.Times, SystemCall.Getrandom,
        SystemCall.Poll, SystemCall.Ppoll, SystemCall.Select, SystemCall.Pselect6, SystemCall.EpollCreate, SystemCall.EpollCreate1, SystemCall.EpollCtl,
        SystemCall.EpollWait, SystemCall.EpollPwait, SystemCall.EpollPwait2, SystemCall.Eventfd, SystemCall.Eventfd2, SystemCall.Pipe, SystemCall.Pipe2,
        SystemCall.Dup, SystemCall.Dup2, SystemCall.Dup3,
        SystemCall.Getpid, SystemCall.Gettid, SystemCall.Getppid, SystemCall.Getpgrp, SystemCall.Getpgid, SystemCall.Getsid, SystemCall.Getuid, SystemCall.Geteuid,
        SystemCall.Getgid, SystemCall.Getegid, SystemCall.Getgroups, SystemCall.Getresuid, SystemCall.Getresgid, SystemCall.Capget, SystemCall.Getrlimit,
        SystemCall.Getrusage, SystemCall.Sysinfo, SystemCall.Uname,
    ];

    /// <summary>
    /// For the start of the second stage: as later, and one program may be started, the descriptors' limit be raised to its own maximum, a file be opened for
    /// writing (of which the file rules leave /dev/null), and the later filter be set.
    /// </summary>
    /// <param name="process">This process, which stays the same when it starts the program anew.</param>
    public static IReadOnlyList<CallRule> ForStart(int process, bool areFilesRuled) =>
    [
        .. Common(process, areFilesRuled), Plain(SystemCall.Open), Plain(SystemCall.Openat), Plain(SystemCall.Execve), Plain(SystemCall.Seccomp),
        new(SystemCall.Prlimit64, [Condition.In(0, 0)]),
    ];

    /// <summary>For the rest of its life.</summary>
    public static IReadOnlyList<CallRule> ForWork(int process, bool areFilesRuled) =>
    [
        .. Common(process, areFilesRuled), new(SystemCall.Open, [Condition.Bits(1, WritingFlags, 0)]), new(SystemCall.Openat, [Condition.Bits(2, WritingFlags, 0)]),
        new(SystemCall.Prlimit64, [Condition.In(0, 0), .. Condition.Null(2)]),
    ];

    private static IEnumerable<CallRule> Common(int process, bool areFilesRuled) =>
    [
        .. Always.Select(Plain),
        new(SystemCall.Mmap, [Condition.NotBits(3, SharedAnonymous, SharedAnonymous), Condition.Bits(3, GrowsDown, 0)]),
        new(SystemCall.Clone, [Condition.Bits(0, ThreadFlags, ThreadFlags), Condition.Bits(0, ~ThreadMayHave, 0)]),
        new(SystemCall.Ioctl, [Condition.In(1, DeviceRequests)]),
        new(SystemCall.Fcntl, [Condition.NotIn(1, ForbiddenControls)]),
        new(SystemCall.Prctl, [Condition.In(0, ProcessRequests)]),
        // The runtime sets its own when it starts, and does not start where that is refused.
        new(SystemCall.SchedSetaffinity, [Condition.In(0, 0)]),
        new(SystemCall.Kill, [Condition.In(0, (uint)process)]),
        new(SystemCall.Tgkill, [Condition.In(0, (uint)process)]),
        // Their arguments are behind a pointer, which a filter does not follow. Both have an older form, which is taken where these are "not there".
        Missing(SystemCall.Clone3),
        areFilesRuled ? Plain(SystemCall.Openat2) : Missing(SystemCall.Openat2),
    ];

    private static CallRule Plain(SystemCall call) => new(call, []);

    /// <summary>No value is in an empty set.</summary>
    private static CallRule Missing(SystemCall call) => new(call, [Condition.In(0)], FilterProgram.NotImplemented);
}
