using System.IO.Enumeration;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Files;

/// <summary>Walks cache folders by the names in their directories alone.</summary>
public sealed class FolderListing : IFolderListing
{
    private const string Staging = "tmp";

    /// <summary>Links are not followed: what they point at is not ours.</summary>
    private static readonly EnumerationOptions All = new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false, RecurseSubdirectories = true };
    private static readonly EnumerationOptions Direct = new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    public IEnumerable<string> Names(string folderPath)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folderPath));
        var names = new FileSystemEnumerable<string>(root, (ref entry) => NameOf(ref entry, root.Length), All)
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory && !IsMarker(ref entry, root.Length),
            ShouldRecursePredicate = (ref entry) => entry.Directory.Length > root.Length || entry.FileName is not Staging,
        };
        return names;
    }

    public StoredFile? Look(string folderPath, string name)
    {
        var file = new FileInfo(CachePath.Resolve(folderPath, name));
        return file.Exists ? new(name, file.Length, file.LastWriteTimeUtc, Staged: false) : null;
    }

    public IEnumerable<StagedPlace> Staged(string folderPath)
    {
        var staging = new DirectoryInfo(Path.Combine(folderPath, Staging));
        if (staging is not { Exists: true, LinkTarget: null }) yield break;
        foreach (var place in staging.EnumerateDirectories("*", Direct))
        {
            if (StagedNames.TokenOf($"{Staging}/{place.Name}") is { } lease && Look(lease, place) is { } looked) yield return looked;
        }
    }

    /// <summary>Null where it went meanwhile.</summary>
    private static StagedPlace? Look(LeaseToken lease, DirectoryInfo place)
    {
        try
        {
            var (files, bytes, newest) = (0, 0L, place.LastWriteTimeUtc);
            foreach (var file in place.EnumerateFiles("*", All))
            {
                if (!file.Exists) continue;
                (files, bytes) = (files + 1, bytes + file.Length);
                if (file.LastWriteTimeUtc > newest) newest = file.LastWriteTimeUtc;
            }
            return new(lease, files, bytes, newest);
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static bool IsMarker(ref FileSystemEntry entry, int root) => entry.Directory.Length == root && entry.FileName is FileDerivativeStore.MarkerName;

    private static string NameOf(ref FileSystemEntry entry, int root) => entry.Directory.Length == root
        ? entry.FileName.ToString()
        : string.Concat(entry.Directory[(root + 1)..], "/", entry.FileName);
}
