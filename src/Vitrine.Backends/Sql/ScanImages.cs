using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>Images that a step of a scan found in its container.</summary>
internal sealed class ScanImages(ScanScene scene, PendingChanges pending, Counters counters)
{
    private readonly SqlSession _sql = scene.Sql;
    private readonly CollectionRow _container = scene.Container;
    private readonly Dictionary<(RawName Name, int Occurrence), KnownImage> _known = [];
    private readonly HashSet<long> _toMake = [];

    public int Added { get; private set; }

    public int Changed { get; private set; }

    public int Renamed { get; private set; }

    /// <summary>What is new or to be made anew, in the order in which it was found.</summary>
    public List<long> Fresh { get; private set; } = [];

    /// <summary>The ids of all that was found, in its order.</summary>
    public List<long> Take()
    {
        var found = scene.Step.Images.DistinctBy(image => image.Place).ToList();
        if (found.Count == 0) return [];
        foreach (var known in ImageRows.At(_sql, _container.Id, found.Select(image => image.RawName))) _known.TryAdd(known.Place, known);
        Restore(found.FindAll(image => !_known.ContainsKey(image.Place)));
        TakeRenamed(found);
        var fresh = found.FindAll(image => !_known.ContainsKey(image.Place));
        TakeKnown(found.FindAll(image => _known.ContainsKey(image.Place)));
        var ids = Insert(fresh);
        foreach (var (image, known) in _known) ids[image] = known.Image.Id;
        Fresh = [.. found.Select(image => ids[image.Place]).Where(_toMake.Contains)];
        return [.. scene.Step.Images.Select(image => ids[image.Place])];
    }

    /// <summary>What waits in the trash for an original to come back.</summary>
    private void Restore(List<FoundImage> missing)
    {
        if (missing.Count == 0) return;
        var waiting = Trash.At(_sql, _container.Id, missing.Select(image => image.RawName)).ToDictionary(waiting => waiting.Place, waiting => waiting.Id);
        foreach (var found in missing)
        {
            if (!waiting.TryGetValue(found.Place, out var id)) continue;
            var restored = Trash.Restore(_sql, id, _container, found, counters);
            _sql.Send("INSERT INTO returned_images (image_id, library_id, scan_id) VALUES ($1, $2, $3)", id, _container.Library, scene.Scan.Id.Value);
            _known[found.Place] = new(restored, found.Place, null, found.SortKey);
            Added++;
        }
    }

    private void TakeRenamed(List<FoundImage> found)
    {
        // Until a directory was listed to its end once, none of what it lists had another name.
        if (scene.Kind != ContainerKind.Directory || !scene.SameMount || _container.Version is null) return;
        var renamed = RenamedImages.Take(_sql, _container.Id, found, _known);
        Renamed = renamed.Count;
        var ids = renamed.Select(image => image.Image.Id).ToHashSet();
        foreach (var left in _known.Values.Where(image => ids.Contains(image.Image.Id)).ToList()) _known.Remove(left.Place);
        foreach (var image in renamed) _known[image.Place] = image;
    }

    private void TakeKnown(List<FoundImage> found)
    {
        var unchanged = new List<(FoundImage Found, ImageRow Known)>();
        var (renewed, redone) = (new Dictionary<long, (FoundImage Found, ImageRow Known)>(), new Dictionary<long, SourceVersion>());
        foreach (var image in found)
        {
            var known = _known[image.Place];
            if (known.Image.Version.Matches(image.Version, scene.SameMount) && !WasNotRead(known.Image)) unchanged.Add((image, known.Image));
            else if (IsRedo(known.Image, image.Version)) redone[known.Image.Id] = image.Version;
            else renewed[known.Image.Id] = (image, known.Image);
            if (known.Name == image.Name && known.SortKey.AsSpan().SequenceEqual(image.SortKey)) continue;
            _sql.Send("UPDATE images SET name = $2, sort_key = $3 WHERE id = $1 AND (name <> $2 OR sort_key <> $3)", known.Image.Id, image.Name, image.SortKey);
        }
        pending.KeepImages([.. unchanged.Select(image => image.Known.Id), .. renewed.Keys]);
        TakeUnchanged(unchanged);
        Renew(renewed);
        Changed += pending.NoteChanged(redone);
    }

    private void TakeUnchanged(List<(FoundImage Found, ImageRow Known)> images)
    {
        foreach (var (found, known) in images)
        {
            // The root is on another mount now: from here on its inodes count.
            if (known.Version.Inode != found.Version.Inode) _sql.Send("UPDATE images SET inode = $2 WHERE id = $1", known.Id, found.Version.Inode);
        }
        if (scene.Scan.Scope.Force)
        {
            _toMake.UnionWith(images.Select(image => image.Known.Id));
            return;
        }
        var unmade = images.Where(image => image.Known.State == ImageState.New).Select(image => image.Known.Id).ToList();
        if (unmade.Count == 0) return;
        _toMake.UnionWith(unmade);
        _toMake.ExceptWith(ImageRows.PlannedOf(_sql, unmade));
    }

    private void Renew(Dictionary<long, (FoundImage Found, ImageRow Known)> images)
    {
        if (images.Count == 0) return;
        var links = new LinkRows(_sql, counters, new(_sql, counters, scene.Now));
        links.Read(images.Keys);
        foreach (var (found, known) in images.Values) ImageRows.Renew(_sql, known, found.Version, links, counters, scene.Now);
        links.Write();
        _toMake.UnionWith(images.Keys);
        Changed += images.Count;
    }

    /// <summary>
    /// Whether what was made of it is lost for sure: another size, or for an entry another CRC. A file of the same size may only have been touched; it is read,
    /// and linked where it is what it was.
    /// </summary>
    private bool IsRedo(ImageRow known, SourceVersion found) =>
        known.State == ImageState.Ready && (known.Version.Size != found.Size || (scene.Kind != ContainerKind.Directory && known.Version.Stamp != found.Stamp));

    /// <summary>It was gone or in motion when it was read, and is here now: its version alone would not bring it back.</summary>
    private static bool WasNotRead(ImageRow image) => image.Reason is { } reason && ImageRows.NotRead.Contains(reason);

    /// <summary>The ids of new images by their places: one that is inserted later has a higher id.</summary>
    private Dictionary<(RawName, int), long> Insert(List<FoundImage> images)
    {
        if (images.Count == 0) return [];
        const string columns = "(library_id, collection_id, raw_name, occurrence, name, sort_key, size, stamp, inode)";
        var first = _sql.Number($"INSERT INTO images {columns} VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id", Values(images[0]))!.Value;
        Arguments.SendRows(_sql, $"INSERT INTO images {columns} VALUES {{rows}}", [.. images.Skip(1).Select(Values)]);
        long[] ids = images.Count == 1
            ? [first]
            : [first, .. _sql.Query("SELECT id FROM images WHERE collection_id = $1 AND id > $2 ORDER BY id", row => row.Long(0), _container.Id, first)];
        foreach (var _ in images) counters.Image(_container.Library, _container.Id, null, ImageState.New);
        Added += images.Count;
        _toMake.UnionWith(ids);
        return images.Zip(ids).ToDictionary(placed => placed.First.Place, placed => placed.Second);
    }

    private object?[] Values(FoundImage found) =>
    [
        _container.Library, _container.Id, found.RawName.Bytes, found.Occurrence, found.Name, found.SortKey, found.Version.Size, found.Version.Stamp, found.Version.Inode,
    ];
}

/// <summary>An image at its place in a container, with what of it may be named otherwise. A name that was not read is null.</summary>
internal sealed record KnownImage(ImageRow Image, (RawName Name, int Occurrence) Place, string? Name, byte[] SortKey);
