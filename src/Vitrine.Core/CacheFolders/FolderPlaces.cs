using Vitrine.Core.Libraries;

namespace Vitrine.Core.CacheFolders;

/// <summary>Keeps a new cache folder apart from libraries, other cache folders and the data folder, by paths without links.</summary>
public sealed class FolderPlaces(ILibraryStore libraries, DataFolder data)
{
    /// <param name="path">As it was given, for the message.</param>
    /// <param name="real">Without links.</param>
    public async Task<FolderAnswer.Refused?> ProblemOfAsync(string path, string real, IReadOnlyList<CacheFolder> known, CancellationToken cancellation)
    {
        foreach (var library in await libraries.ListAsync(cancellation))
        {
            var root = RealPath.Of(library.Root) ?? library.Root;
            if (RealPath.IsWithin(real, root)) return new("inside-library", $"'{path}' lies in the library '{library.Name}' ({library.Root}), which would be scanned with its own thumbnails: choose a folder outside.");
            if (RealPath.IsWithin(root, real)) return new("contains-library", $"'{path}' holds the library '{library.Name}' ({library.Root}): choose an empty folder beside it.");
        }
        foreach (var folder in known)
        {
            var other = RealPath.Of(folder.Path) ?? folder.Path;
            if (real == other) return new("known", $"'{path}' is a cache folder already.");
            if (RealPath.IsWithin(real, other)) return new("inside-folder", $"'{path}' lies in the cache folder '{folder.Path}': choose a folder outside.");
            if (RealPath.IsWithin(other, real)) return new("contains-folder", $"'{path}' holds the cache folder '{folder.Path}': choose a folder beside it.");
        }
        if (RealPath.IsWithin(data.Path, real)) return new("contains-data", $"'{path}' holds the data folder '{data.Path}': choose a folder beside it.");
        return real == Path.TrimEndingDirectorySeparator(path) ? null : new("link", $"'{path}' leads to '{real}' by a link: give that path itself.");
    }
}

/// <summary>What a directory must be to become a cache folder. Pure.</summary>
public static class FolderSightRules
{
    public static FolderAnswer.Refused? ProblemOf(string path, FolderSight sight)
    {
        if (sight.IsFile) return new("not-a-folder", $"'{path}' is a file: give a folder.");
        if (sight.Real is null) return new("missing", $"The folder that '{path}' would stand in is not there, or may not be reached: check the spelling, the mount and the permissions.");
        return null;
    }

    public static FolderAnswer.Refused? ProblemOf(string path, FolderSight sight, IReadOnlyList<CacheFolder> known, Guid? installation)
    {
        if (sight.Marker is { } marker)
        {
            if (known.FirstOrDefault(folder => folder.Marker == marker.Id) is { } same)
                return new("known", $"'{path}' carries the marker of the cache folder '{same.Path}': it is that one by another name, or a copy of it.");
            if (marker.Installation is { } other && other != installation)
                return new("other-installation", $"'{path}' is a cache folder of another installation of Vitrine ({other}): remove it there first.");
        }
        if (!sight.Writable) return new("not-writable", $"'{path}' cannot be written by this user: give it permission, or choose another folder.");
        return sight.IsEmpty || sight.Marker is not null
            ? null
            : new("not-empty", $"'{path}' holds files that are not ours: a new cache folder is an empty directory.");
    }
}
