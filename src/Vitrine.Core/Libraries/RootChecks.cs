using System.Text;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Users;

namespace Vitrine.Core.Libraries;

/// <summary>Whether a folder can be the root of a library, beside the others and with what is recorded of it.</summary>
public sealed class RootChecks(ILibraryStore libraries, ICacheFolderStore folders, ICatalog catalog, IRootProbe roots, DataFolder data)
{
    /// <summary>Collections at each end of the list by name, one original of each.</summary>
    private const int Sample = 50;

    /// <param name="self">The library whose root it shall be; null for a new one.</param>
    public async Task<RootAnswer> CheckAsync(string path, LibraryId? self, CancellationToken cancellation)
    {
        var answer = LibraryRoot.Check(path, roots);
        if (answer is not RootAnswer.Fits { Root: var root }) return answer;

        foreach (var other in await libraries.ListAsync(cancellation))
        {
            if (other.Id == self) continue;
            // A root that is offline has no real path now; the recorded one was without links when it was added.
            var otherRoot = RealPath.Of(other.Root) ?? other.Root;
            if (root == otherRoot) return new RootAnswer.Refused(LibraryAnswer.Known, $"'{path}' is the library '{other.Name}' already: scan that one.");
            if (RealPath.IsWithin(root, otherRoot)) return new RootAnswer.Refused("inside-library", $"'{path}' lies inside the library '{other.Name}': it is scanned with that one.");
            if (RealPath.IsWithin(otherRoot, root)) return new RootAnswer.Refused("contains-library", $"'{path}' contains the library '{other.Name}': remove that one first, or add the folders beside it.");
        }
        foreach (var folder in await folders.ListAsync(cancellation))
        {
            var cache = RealPath.Of(folder.Path) ?? folder.Path;
            if (RealPath.IsWithin(root, cache) || RealPath.IsWithin(cache, root))
                return new RootAnswer.Refused("cache-folder", $"'{path}' and the cache folder '{cache}' lie within one another: pictures that Vitrine made would be taken for originals; choose another folder.");
        }
        return RealPath.IsWithin(root, data.Path) || RealPath.IsWithin(data.Path, root)
            ? new RootAnswer.Refused("data-folder", $"'{path}' and the data folder '{data.Path}' lie within one another: choose another folder, or another data folder with --data.")
            : answer;
    }

    /// <summary>
    /// The same for a library that is known: at its new root, or at its old one on another mount, a sample of its originals has to be there with the sizes that
    /// are recorded. Another folder would be scanned as one that lost everything.
    /// </summary>
    /// <param name="force">Whether what is there does not matter.</param>
    public async Task<RootAnswer> CheckMovedAsync(string path, LibraryId self, bool force, CancellationToken cancellation)
    {
        var answer = await CheckAsync(path, self, cancellation);
        if (force || answer is not RootAnswer.Fits { Root: var root }) return answer;

        var originals = await SampleAsync(self, cancellation);
        var missing = Missing(root, originals);
        return RootSample.IsSame(originals.Count - missing.Count, originals.Count)
            ? answer
            : new RootAnswer.Refused("other-library", $"'{path}' is not this library as it is recorded: of {originals.Count} originals that were looked for, {missing.Count} are not there with their sizes, as '{missing[0].Path}'. Give the folder that holds them, or say with force that it is the library all the same.");
    }

    /// <summary>Whether a sample of the library's originals is there, with the sizes that are recorded.</summary>
    public async Task<bool> HoldsOriginalsAsync(string root, LibraryId library, CancellationToken cancellation)
    {
        var originals = await SampleAsync(library, cancellation);
        return RootSample.IsSame(originals.Count - Missing(root, originals).Count, originals.Count);
    }

    private static List<Original> Missing(string root, IEnumerable<Original> originals) => [.. originals.Where(original => !IsThere(root, original))];

    private async Task<List<Original>> SampleAsync(LibraryId library, CancellationToken cancellation)
    {
        var first = await catalog.CollectionsAsync(Grants.All, new(library, Limit: Sample), cancellation);
        var last = await catalog.CollectionsAsync(Grants.All, new(library, Descending: true, Limit: Sample), cancellation);
        var covers = first.Items.Concat(last.Items).Select(collection => collection.Cover?.Id).OfType<ImageId>().Distinct().ToList();
        return [.. (await catalog.ImagesAsync(Grants.All, covers, cancellation)).Select(OriginalOf).Where(IsNameable)];
    }

    private static Original OriginalOf(Image image) => image.Kind == ContainerKind.Directory
        ? new(image.ContainerPath.Append(image.RawName), image.Version.Size)
        : new(image.ContainerPath, image.ContainerVersion == default ? null : image.ContainerVersion.Size);

    /// <summary>Names that are not UTF-8 cannot be asked for here; there are others.</summary>
    private static bool IsNameable(Original original) => Encoding.UTF8.GetBytes(original.Path.Text).AsSpan().SequenceEqual(original.Path.Bytes);

    private static bool IsThere(string root, Original original) => new FileInfo(Path.Combine(root, original.Path.Text)) is { Exists: true } file && (original.Size ?? file.Length) == file.Length;

    /// <param name="Size">Null: of an archive that is being listed it is not known.</param>
    private sealed record Original(SourcePath Path, long? Size);
}

/// <summary>Decides whether a folder is the library that it is said to be.</summary>
public static class RootSample
{
    /// <summary>Half is enough: what was added, changed and removed while it was moved is a scan's business.</summary>
    public static bool IsSame(int found, int lookedFor) => found * 2 >= lookedFor;
}
