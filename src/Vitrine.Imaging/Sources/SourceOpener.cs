using Vitrine.Core.Decoding;
using Vitrine.Core.Files;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Imaging.Sources;

/// <summary>Opens containers beneath their root and never through a link, the root itself excepted.</summary>
public static class SourceOpener
{
    /// <param name="passed">Called after each <see cref="Passed.EachBytes"/> that a sequential container is unpacked.</param>
    /// <exception cref="IOException">The container is not there, cannot be opened, or is a link: <see cref="DecoderLoop"/> has the reason for each.</exception>
    public static ISource Open(ContainerPlace place, DecodeLimits limits, IReadHook? hook, Action passed)
    {
        if (place.Kind == ContainerKind.Directory) return Directory(place, limits, hook);
        var path = SafePath(place.Path).Bytes;
        using var root = OpenDirectory.At(place.Root);
        return new ArchiveSource(path.Length == 0 ? throw RefusedException.Missing() : root.Read(path), place, limits, hook, passed);
    }

    /// <exception cref="IOException">As of any container.</exception>
    internal static DirectorySource Directory(ContainerPlace place, DecodeLimits limits, IReadHook? hook)
    {
        using var root = OpenDirectory.At(place.Root);
        return new(root.Below(SafePath(place.Path).Bytes, listed: true), place, limits, hook);
    }

    /// <summary>Opens each directory from the root to the path beneath the one before it, and shows it, the last one too.</summary>
    public static void Visit(string root, SourcePath path, Action<OpenDirectory, SourcePath> visit)
    {
        var at = OpenDirectory.At(root);
        try
        {
            var here = SourcePath.Root;
            visit(at, here);
            if (path.IsRoot) return;
            foreach (var range in path.Bytes.AsSpan().Split((byte)'/'))
            {
                here = here.Append(new(path.Bytes[range]));
                var next = at.Below(here.LastSegment.Bytes);
                at.Dispose();
                at = next;
                visit(at, here);
            }
        }
        finally
        {
            at.Dispose();
        }
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

    /// <summary>Whether an original seen now is the one recorded.</summary>
    internal static bool IsRecorded(SourceVersion recorded, SourceVersion seen) => recorded.Matches(seen, sameMount: true);
}
