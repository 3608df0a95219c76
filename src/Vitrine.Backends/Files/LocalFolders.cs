using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using Vitrine.Core.Files;

namespace Vitrine.Backends.Files;

/// <summary>
/// Cache folders whose disk was seen a moment ago to be this machine's own. To open a file of a network's disk may wait for another machine, even of one whose name and bytes
/// the kernel has: whoever must not wait asks here first.
/// </summary>
internal sealed class LocalFolders(TimeProvider time)
{
    /// <summary>Another disk may be mounted in its place: then a call or two wait in these seconds.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, long> _seen = new(StringComparer.Ordinal);

    public bool Has(string folder) => _seen.TryGetValue(folder, out var at) && time.GetElapsedTime(at) < Age;

    /// <param name="file">One of the folder, open.</param>
    public void Look(string folder, SafeFileHandle file)
    {
        if (Has(folder)) return;
        if (DirectFile.IsLocal(file)) _seen[folder] = time.GetTimestamp();
        else _seen.TryRemove(folder, out _);
    }
}
