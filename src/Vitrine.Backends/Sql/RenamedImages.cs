using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>
/// A file with one name alone, of the inode, the size and the time of one that is recorded under another name in the same directory, is that one: renamed. Its row goes there, so that
/// the image keeps its id and what was made of it; also where files changed names among each other, as when pages are numbered anew. An image that was not made is tried anew under its new name.
/// </summary>
internal static class RenamedImages
{
    /// <summary>The images at their new places.</summary>
    /// <param name="known">What is recorded at the places of all that was found.</param>
    public static List<KnownImage> Take(
        SqlSession sql, long directory, IReadOnlyCollection<FoundImage> found, IReadOnlyDictionary<(RawName Name, int Occurrence), KnownImage> known)
    {
        var others = found.Where(image => image.OnlyName && image.Version.Inode != 0 && known.GetValueOrDefault(image.Place)?.Image.Version != image.Version).ToList();
        if (others.Count == 0) return [];
        var recorded = ImageRows.WithInodes(sql, directory, others.Select(image => image.Version.Inode)).Where(image => image.Image.State <= ImageState.Ready)
            .DistinctBy(image => image.Image.Version).ToDictionary(image => image.Image.Version);
        var moves = new Dictionary<(RawName Name, int Occurrence), KnownImage>();
        foreach (var image in others)
        {
            if (recorded.Remove(image.Version, out var row)) moves[image.Place] = row with { Place = image.Place, Name = image.Name, SortKey = image.SortKey };
        }
        LeaveTaken(moves, known);
        if (moves.Count > 0) ImageRows.Rename(sql, [.. moves.Values]);
        return [.. moves.Values];
    }

    /// <summary>Where the image of a place does not go elsewhere, its file was written over: it keeps the place.</summary>
    private static void LeaveTaken(
        Dictionary<(RawName Name, int Occurrence), KnownImage> moves, IReadOnlyDictionary<(RawName Name, int Occurrence), KnownImage> known)
    {
        var moving = moves.Values.Select(image => image.Image.Id).ToHashSet();
        while (moves.Values.FirstOrDefault(image => known.TryGetValue(image.Place, out var there) && !moving.Contains(there.Image.Id)) is { } stays)
        {
            moving.Remove(stays.Image.Id);
            moves.Remove(stays.Place);
        }
    }
}
