using System.Runtime.InteropServices;

namespace Vitrine.Backends.Files;

/// <summary>Directories within a cache folder.</summary>
internal static partial class Directories
{
    private const int Exists = 17;
    private const int NotThere = 2;

    /// <summary>
    /// Makes those on the way to a path below the folder, and never the folder itself: one that was unplugged or renamed a moment ago would be made anew as an
    /// empty one, and stand in the way of the old one's return.
    /// </summary>
    public static void MakeBelow(string folder, string path)
    {
        if (Directory.Exists(path)) return;
        var made = folder;
        foreach (var segment in Path.GetRelativePath(folder, path).Split('/'))
        {
            made = Path.Combine(made, segment);
            if (Make(made, 0x1FF) == 0 || Marshal.GetLastPInvokeError() is var error && error == Exists) continue;
            var problem = $"{made} could not be made: {Marshal.GetPInvokeErrorMessage(error)}";
            throw error == NotThere ? new DirectoryNotFoundException(problem) : new IOException(problem, error);
        }
    }

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Make(string path, uint mode);
}
