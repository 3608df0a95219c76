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
        // A file that was written over in place has its inode still: the directory is not read through for it.
        var others = found.Where(image => image.OnlyName && image.Version.Inode != 0 && known.GetValueOrDefault(image.Place)?.Image.Version.Inode != image.Version.Inode).ToList();
        if (others.Count == 0) return [];
        var recorded = ImageRows.WithInodes(sql, directory, others.Select(image => image.Version.Inode)).Where(image => image.Image.State <= ImageState.Ready)
            .DistinctBy(image => image.Image.Version).ToDictionary(image => image.Image.Version);
        var moves = new Dictionary<(RawName Name, int Occurrence), Move>();
        foreach (var image in others)
        {
            if (recorded.Remove(image.Version, out var row)) moves[image.Place] = new(row, image);
        }
        LeaveTaken(moves, known);
        var renamed = moves.Values.Select(move => move.From with { Place = move.To.Place, Name = move.To.Name, SortKey = move.To.SortKey }).ToList();
        if (renamed.Count > 0) ImageRows.Rename(sql, renamed);
        return renamed;
    }

    /// <summary>Where the image of a place does not go elsewhere, its file was written over: it keeps the place, and who was to come stays at its own, and so on.</summary>
    private static void LeaveTaken(
        Dictionary<(RawName Name, int Occurrence), Move> moves, IReadOnlyDictionary<(RawName Name, int Occurrence), KnownImage> known)
    {
        var going = moves.Values.Select(move => move.From.Image.Id).ToHashSet();
        foreach (var place in moves.Keys.ToList())
        {
            for (var at = place; moves.TryGetValue(at, out var move) && known.TryGetValue(at, out var there) && !going.Contains(there.Image.Id); at = move.From.Place)
            {
                moves.Remove(at);
                going.Remove(move.From.Image.Id);
            }
        }
    }

    private sealed record Move(KnownImage From, FoundImage To);
}
