using System.Text;

namespace Vitrine.Core.Libraries.Watching;

/// <summary>
/// Compares the times of a library's directories, and times and sizes of its archives, with what the last scan recorded. A picture that is written
/// over in its place moves no time of its directory, and waits for the next scan.
/// </summary>
public static class TimesLook
{
    private const int PageSize = 500;

    /// <summary>A stamp is in nanoseconds, a time of .NET in hundreds of them.</summary>
    private const int NanosecondsPerTick = 100;

    /// <summary>Notes what changed; answers how much was.</summary>
    public static async Task<int> RunAsync(Library library, IWatchStore store, CancellationToken cancellation)
    {
        var noted = 0;
        string? after = null;
        do
        {
            var page = await store.ContainersAsync(library.Id, after, PageSize, cancellation);
            var changed = page.Items.Where(container => HasChanged(library.Root, container)).Select(container => container.Path).ToList();
            if (changed.Count > 0) noted += await store.NoteAsync(library.Id, changed, cancellation);
            after = page.Next;
        }
        while (after is not null);
        return noted;
    }

    /// <summary>
    /// What is gone, or may not be looked at, moved the time of the directory above, which is looked at as well. A name that is no UTF-8 cannot be asked for.
    /// </summary>
    private static bool HasChanged(string root, WatchedContainer container)
    {
        if (container.Version is not { } version || !IsUtf8(container.Path)) return false;
        var path = Path.Combine(root, container.Path.Text);
        return container.Kind == ContainerKind.Directory
            ? new DirectoryInfo(path) is { Exists: true } directory && !IsOf(directory, version)
            : new FileInfo(path) is { Exists: true } file && (file.Length != version.Size || !IsOf(file, version));
    }

    private static bool IsOf(FileSystemInfo seen, SourceVersion version) =>
        (seen.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks == version.Stamp / NanosecondsPerTick;

    private static bool IsUtf8(SourcePath path) => Encoding.UTF8.GetBytes(path.Text).AsSpan().SequenceEqual(path.Bytes);
}
