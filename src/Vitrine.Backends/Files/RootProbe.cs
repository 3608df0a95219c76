using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Files;

/// <summary>Looks at roots through the file system and /proc/self/mountinfo.</summary>
public sealed class RootProbe : IRootProbe
{
    private static readonly RootState Unreachable = new(false, true, null);

    public RootState Probe(string root)
    {
        try
        {
            if (!Directory.Exists(root)) return Unreachable;
            var empty = !Directory.EnumerateFileSystemEntries(root).Any();
            return new(true, empty, Mounts.Of(root));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return Unreachable;
        }
    }
}
