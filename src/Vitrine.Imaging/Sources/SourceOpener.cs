using Microsoft.Win32.SafeHandles;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Imaging.Native;

namespace Vitrine.Imaging.Sources;

/// <summary>Opens containers beneath their root, one segment at a time and never through a link, the root itself excepted.</summary>
public static class SourceOpener
{
    /// <param name="passed">Called after each <see cref="Passed.EachBytes"/> that a sequential container is unpacked.</param>
    /// <exception cref="RefusedException">The container is not there or cannot be opened.</exception>
    public static ISource Open(ContainerPlace place, DecodeLimits limits, IReadHook? hook, Action passed)
    {
        using var steps = new DirectorySteps(place.Root, SafePath(place.Path));
        return place.Kind == ContainerKind.Directory
            ? new DirectorySource(steps.OpenDirectory(), place, limits, hook)
            : new ArchiveSource(steps.OpenFile(), place, limits, hook, passed);
    }

    private static SourcePath SafePath(byte[] path)
    {
        try
        {
            return SourcePath.FromBytes(path);
        }
        catch (FormatException)
        {
            throw new RefusedException(Outcome.Failed, Reason.UnsafeName, "The container's path could lead out of its root.");
        }
    }

    /// <summary>Whether an original seen now is the one recorded. An inode of 0 was not recorded and does not count.</summary>
    internal static bool IsRecorded(SourceVersion recorded, SourceVersion seen) => recorded.Matches(seen, sameMount: recorded.Inode != 0);
}

/// <summary>The walk from a root to a container: each directory is opened beneath the one before it.</summary>
internal sealed class DirectorySteps : IDisposable
{
    private readonly SourcePath _path;
    private SafeFileHandle _at;

    public DirectorySteps(string root, SourcePath path)
    {
        _path = path;
        _at = Posix.OpenRoot(root);
    }

    /// <summary>Opens the path as a directory that can be listed.</summary>
    public SafeFileHandle OpenDirectory()
    {
        Walk(_path);
        return Posix.OpenAt(_at, "."u8, Posix.Directory);
    }

    /// <summary>Opens the path as a regular file.</summary>
    public SafeFileHandle OpenFile()
    {
        Walk(_path.Parent ?? throw RefusedException.Missing());
        return Regular(_at, _path.LastSegment.Bytes);
    }

    /// <summary>Opens each directory from the root to the path and shows it, the last one too.</summary>
    public void Visit(Action<SafeFileHandle, SourcePath> visit)
    {
        var here = SourcePath.Root;
        visit(_at, here);
        if (_path.IsRoot) return;
        foreach (var range in _path.Bytes.AsSpan().Split((byte)'/'))
        {
            here = here.Append(new(_path.Bytes[range]));
            Step(here.LastSegment.Bytes);
            visit(_at, here);
        }
    }

    /// <summary>Opens a regular file; a fifo or a device must neither block nor be read.</summary>
    public static SafeFileHandle Regular(SafeFileHandle directory, ReadOnlySpan<byte> name)
    {
        var file = Posix.OpenAt(directory, name, Posix.NonBlocking);
        if (Posix.Stat(file).IsRegular) return file;
        file.Dispose();
        throw RefusedException.Missing();
    }

    private void Walk(SourcePath path)
    {
        if (path.IsRoot) return;
        foreach (var range in path.Bytes.AsSpan().Split((byte)'/')) Step(path.Bytes.AsSpan(range));
    }

    private void Step(ReadOnlySpan<byte> segment)
    {
        var next = Posix.OpenAt(_at, segment, Posix.PathOnly | Posix.Directory);
        _at.Dispose();
        _at = next;
    }

    public void Dispose() => _at.Dispose();
}
