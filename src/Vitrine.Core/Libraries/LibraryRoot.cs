using System.Collections.Frozen;

namespace Vitrine.Core.Libraries;

/// <summary>What may be a library's root, as far as the path alone can tell.</summary>
public static class LibraryRoot
{
    /// <summary>File systems without files of anybody's: reading them can hang, or never ends.</summary>
    private static readonly FrozenSet<string> Pseudo = FrozenSet.Create(
        "proc", "sysfs", "devtmpfs", "devpts", "cgroup", "cgroup2", "securityfs", "debugfs", "tracefs", "mqueue", "pstore", "bpf", "configfs",
        "fusectl", "hugetlbfs", "binfmt_misc", "efivarfs", "rpc_pipefs", "nsfs");

    public static RootAnswer Check(string path, IRootProbe roots)
    {
        if (!Path.IsPathFullyQualified(path) || path.Any(char.IsControl))
            return Refuse("not-absolute", "The path is not absolute, or holds control characters: give the path from '/' on.");
        if (!Directory.Exists(path) && File.Exists(path))
            return Refuse("not-a-folder", $"'{path}' is a file: give the folder that holds it.");
        if (RealPath.Of(path) is not { } real || !Directory.Exists(real))
            return Refuse("missing", $"'{path}' is not there, or may not be reached: check the spelling, the mount and the permissions.");
        if (roots.Probe(real) is not { Exists: true, Mount: { } mount })
            return Refuse("unreadable", $"'{path}' cannot be listed by this user: give it read and search permission.");
        return Pseudo.Contains(mount.FileSystemType)
            ? Refuse("pseudo-file-system", $"'{path}' is on {mount.FileSystemType}, which holds no pictures: give a folder on a disk.")
            : new RootAnswer.Fits(real, mount);
    }

    private static RootAnswer.Refused Refuse(string code, string message) => new(code, message);
}

public abstract record RootAnswer
{
    private RootAnswer() { }

    /// <param name="Root">Without links.</param>
    public sealed record Fits(string Root, MountIdentity Mount) : RootAnswer;

    /// <param name="Message">One line: what, why, and what to do.</param>
    public sealed record Refused(string Code, string Message) : RootAnswer;
}
