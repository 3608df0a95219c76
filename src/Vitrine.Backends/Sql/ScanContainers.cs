using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Sql;

/// <summary>Directories and archives that a step of a scan found in its directory.</summary>
internal sealed class ScanContainers(ScanScene scene, PendingChanges pending)
{
    private readonly SqlSession _sql = scene.Sql;
    private readonly CollectionRow _container = scene.Container;

    /// <summary>The ids of all that was found, in its order.</summary>
    public List<long> Take()
    {
        var found = scene.Step.Containers.DistinctBy(container => container.Path).ToList();
        if (found.Count == 0) return [];
        var known = Known(found);
        foreach (var container in found)
        {
            if (known.TryGetValue(container.Path, out var row) && IsOther(row, container)) Rename(row, container);
        }
        var ids = CollectionRows.Insert(_sql, _container, found.FindAll(container => !known.ContainsKey(container.Path)), scene.Now);
        foreach (var (path, row) in known) ids[path] = row.Id;
        pending.KeepContainers([.. ids.Values]);
        BatchRows.AddScanItems(_sql, scene.Scan.Id.Value, _container.Library, scene.Scan.Class, [.. ToScan(found, known).Select(container => ids[container.Path])]);
        return [.. scene.Step.Containers.Select(container => ids[container.Path])];
    }

    /// <summary>By their places, also those that were just moved there. One that was moved away is not known at its old place.</summary>
    private Dictionary<SourcePath, CollectionRow> Known(List<FoundContainer> found)
    {
        var known = CollectionRows.At(_sql, _container.Library, found.Select(container => container.Path)).ToDictionary(row => row.Path);
        if (!scene.SameMount) return known;
        var moved = MovedContainers.Take(_sql, _container, found.FindAll(container => !known.ContainsKey(container.Path)), scene.Now);
        foreach (var row in known.Values.Where(row => moved.Exists(other => other.Id == row.Id)).ToList()) known.Remove(row.Path);
        foreach (var row in moved) known[row.Path] = row;
        return known;
    }

    private void Rename(CollectionRow known, FoundContainer found) => _sql.Send(
        "UPDATE collections SET kind = $2, parent_id = $3, name = $4, search = $5, sort_key = $6 WHERE id = $1",
        known.Id, KindOf(known, found), _container.Id, found.Name, CollectionRows.Search(found.Path, found.Name), found.SortKey);

    private bool IsOther(CollectionRow known, FoundContainer found) =>
        known.Kind != KindOf(known, found) || known.Parent != _container.Id || known.Name != found.Name || !known.SortKey.AsSpan().SequenceEqual(found.SortKey);

    /// <summary>An archive's name says less than its listing said.</summary>
    private static ContainerKind KindOf(CollectionRow known, FoundContainer found) =>
        known.Kind == ContainerKind.Directory || found.Kind == ContainerKind.Directory ? found.Kind : known.Kind;

    /// <summary>
    /// A directory says nothing of what is below it: it is listed where its listing is not known, else whoever scans this one looks at it. An archive only where it can
    /// have changed.
    /// </summary>
    private List<FoundContainer> ToScan(List<FoundContainer> found, Dictionary<SourcePath, CollectionRow> known)
    {
        if (scene.Scan.Scope.Force) return found;
        var rows = found.ConvertAll(container => (Found: container, Known: known.GetValueOrDefault(container.Path)));
        var listed = DirectoryRows.TrustedOf(_sql, [.. rows.Where(row => row is { Known: not null, Found.Kind: ContainerKind.Directory }).Select(row => row.Known!.Id)]);
        var unsure = rows.Where(row => row is { Known.HasUnmade: true, Found.Kind: not ContainerKind.Directory } && !CanHaveChanged(row.Known, row.Found));
        var toTakeUp = ImageRows.AnyToTakeUp(_sql, [.. unsure.Select(row => row.Known!.Id)]);
        return [.. rows.Where(row => row switch
        {
            (_, null) => true,
            ({ Kind: ContainerKind.Directory }, var directory) => !listed.Contains(directory.Id),
            (_, var archive) => CanHaveChanged(archive, row.Found) || toTakeUp.Contains(archive.Id),
        }).Select(row => row.Found)];
    }

    private bool CanHaveChanged(CollectionRow archive, FoundContainer found) =>
        archive.Version is not { } version || archive.Kind != KindOf(archive, found) || archive.Revisit || archive.Held
        || !version.Matches(found.Version, scene.SameMount) || (archive.Reason is { } reason && Reason.Of(reason).Retryable);
}
