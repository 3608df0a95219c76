using Vitrine.Core;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Libraries.Watching;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Simulation.Model;

/// <summary>Libraries and what scans change in them; of the catalog, what the planner reads.</summary>
internal sealed class LibraryModel(StoreModel model, JobRules jobs, BatchRules batches) : ILibraryStore, IWatchStore, ICatalog
{
    private static readonly HashSet<string> NotRead = [Reason.SourceMissing, Reason.SourceChanged, Reason.NotSettled, Reason.Removed];

    public Task<Library?> AddAsync(NewLibrary library, CancellationToken cancellation)
    {
        var added = new SimLibrary { Id = model.NewId(), Root = library.Root, Mount = library.Mount, Settings = library.Settings };
        model.Rows.Libraries.Add(added.Id, added);
        Insert(added.Id, null, ContainerKind.Directory, SourcePath.Root);
        return Task.FromResult<Library?>(Map(added));
    }

    public Task<IReadOnlyList<Library>> ListAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<Library>>([.. model.Rows.Libraries.Values.Select(Map)]);

    public Task<bool> UpdateAsync(LibraryId id, NewLibrary changed, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<bool> RemoveAsync(LibraryId id, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<bool> SweepRemovedAsync(int limit, CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>No digest is kept here: each directory is listed in full, and is an item of its scan.</summary>
    public Task<IReadOnlyList<KnownDirectory>> DirectoriesAsync(IReadOnlyCollection<CollectionId> directories, bool below, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<KnownDirectory>>([]);

    public Task<ScanAnswer> ApplyAsync(Lease scan, ScanStep step, CancellationToken cancellation)
    {
        var batch = batches.OfToken(scan.Token);
        var job = batch is null ? null : model.Rows.Jobs[batch.Job];
        if (job is not { IsOver: false } || batch!.Collection != step.Container.Value || !model.Rows.Collections.TryGetValue(batch.Collection, out var container))
            return Task.FromResult(new ScanAnswer(false, [], [], 0, 0, 0));
        model.Changed();
        return Task.FromResult(Apply(job, container, step));
    }

    public Task<IReadOnlyList<CollectionId>> ToRevisitAsync(LibraryId library, DateTimeOffset dueBy, int limit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<CollectionId>>(
            [.. model.Rows.Collections.Values.Where(c => c.Library == library.Value && c.Revisit && c.RevisitAt <= dueBy).Select(c => new CollectionId(c.Id))]);

    public Task<Page<WatchedContainer>> ContainersAsync(LibraryId library, string? after, int limit, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<int> NoteAsync(LibraryId library, IReadOnlyCollection<SourcePath> places, CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>The cursor is the last image of the page, in order of collection and id.</summary>
    public Task<Page<PlannedItem>> ToDeriveAsync(JobScope scope, string? after, int limit, CancellationToken cancellation)
    {
        var looked = model.Rows.Images.Values
            .Where(i => i.Library == scope.Library.Value && (scope.Collections is null || scope.Collections.Contains(new(i.Collection)))
                && (scope.Images is null || scope.Images.Contains(new(i.Id))) && (scope.Failures is not FailureQuery.OfJob of || HasFailed(of.Job, i)))
            .OrderBy(i => i.Collection).ThenBy(i => i.Id).Select(i => (Image: i, Place: $"{i.Collection:D10}/{i.Id:D10}"))
            .Where(i => after is null || string.CompareOrdinal(i.Place, after) > 0).Take(limit).ToList();
        var missing = looked.Select(l => l.Image).Where(i => scope.Force || (scope.Failures is not null && i.State > ImageState.Ready) || scope.Presets.Any(preset => !model.Rows.Links.ContainsKey((i.Id, preset))));
        return Task.FromResult(new Page<PlannedItem>(
            [.. missing.Select(i => new PlannedItem(i.Id, new(i.Collection), i.Version.Size, CoverOf(i.Collection) == i.Id))],
            looked.Count < limit ? null : looked[^1].Place));
    }

    private bool HasFailed(JobId job, SimImage image) => model.Rows.Items.GetValueOrDefault((job.Value, image.Id)) is { } item
        && (item.Outcome == Outcome.Failed || (item.Outcome is null && model.Rows.Jobs[job.Value].Status == JobStatus.Failed));

    private ScanAnswer Apply(SimJob scan, SimCollection container, ScanStep step)
    {
        var fresh = new List<SimImage>();
        var images = step.Images.Select(found => Take(container, found, step.SameMount, fresh).Id).ToList();
        var containers = step.Containers.Select(found => Take(scan, container, found, step.SameMount).Id).ToList();
        var removed = step is { Last: true, Reason: null } ? RemoveUnseen(container, step, images, containers) : 0;
        if (step.Last)
        {
            if (step.Reason == Reason.NotSettled) model.NoteForRevisit(container);
            (container.Version, container.Reason) = (step.Version ?? container.Version, step.Reason);
        }
        else if (container.Kind != ContainerKind.Directory && step.Images.Count > 0)
        {
            container.Version = null;
        }
        if (jobs.ChildOf(scan) is { IsOver: false } child && fresh.Count > 0) AddToDerive(child, container, fresh);
        return new(true, [.. images.Select(i => new ImageId(i))], [.. containers.Select(c => new CollectionId(c))], fresh.Count, 0, removed);
    }

    private SimImage Take(SimCollection container, FoundImage found, bool sameMount, List<SimImage> fresh)
    {
        var known = model.Rows.Images.Values.FirstOrDefault(i => i.Collection == container.Id && i.Name == found.Name);
        if (known is null)
        {
            known = new() { Id = model.NewId(), Library = container.Library, Collection = container.Id, Name = found.Name, Version = found.Version };
            model.Rows.Images.Add(known.Id, known);
            fresh.Add(known);
        }
        else if (!known.Version.Matches(found.Version, sameMount) || (known.Reason is { } reason && NotRead.Contains(reason)))
        {
            DropLinks(known.Id);
            (known.Version, known.State, known.Reason) = (found.Version, ImageState.New, null);
            fresh.Add(known);
        }
        else if (known.State == ImageState.New && !IsPlanned(known))
        {
            fresh.Add(known);
        }
        return known;
    }

    private SimCollection Take(SimJob scan, SimCollection parent, FoundContainer found, bool sameMount)
    {
        var known = model.Rows.Collections.Values.FirstOrDefault(c => c.Library == parent.Library && c.Path == found.Path);
        var unchanged = known is { Version: { } version, Revisit: false } && known.Kind == found.Kind && version.Matches(found.Version, sameMount)
            && !(known.Reason is { } reason && Reason.Of(reason).Retryable) && !AnyToTakeUp(known);
        var container = known ?? Insert(parent.Library, parent.Id, found.Kind, found.Path);
        container.Kind = found.Kind;
        if (found.Kind == ContainerKind.Directory || !unchanged) jobs.AddScanItem(scan, container.Id);
        return container;
    }

    private bool AnyToTakeUp(SimCollection container) => ImagesOf(container.Id).Any(
        i => (i.Reason is { } reason && NotRead.Contains(reason)) || (i.State == ImageState.New && !IsPlanned(i)));

    private bool IsPlanned(SimImage image) => model.Rows.Items.Values.Any(item =>
        item.Item == image.Id && item.Outcome is null && model.Rows.Jobs[item.Job] is { IsOver: false, Handler: Handler.Derive });

    private int RemoveUnseen(SimCollection container, ScanStep step, List<long> images, List<long> containers)
    {
        var gone = ImagesOf(container.Id).Where(i => !images.Contains(i.Id) && step.Seen?.Images.Contains(new(i.Id)) != true).ToList();
        gone.ForEach(Remove);
        var below = model.Rows.Collections.Values
            .Where(c => c.Parent == container.Id && !containers.Contains(c.Id) && step.Seen?.Containers.Contains(new(c.Id)) != true).ToList();
        return gone.Count + below.Sum(RemoveAll);
    }

    private int RemoveAll(SimCollection container)
    {
        var images = ImagesOf(container.Id).ToList();
        images.ForEach(Remove);
        var below = model.Rows.Collections.Values.Where(c => c.Parent == container.Id).ToList().Sum(RemoveAll);
        model.Rows.Collections.Remove(container.Id);
        return images.Count + below;
    }

    private void AddToDerive(SimJob child, SimCollection container, List<SimImage> fresh)
    {
        var cover = CoverOf(container.Id);
        var planned = fresh.Select(i => new PlannedItem(i.Id, new(container.Id), i.Version.Size, i.Id == cover));
        var added = BatchPlan.Cut(planned, child.Class).Sum(batch => jobs.Insert(child, batch));
        if (added < fresh.Count && fresh.Exists(i => model.Rows.Items.GetValueOrDefault((child.Id, i.Id)) is { Outcome: not null })) model.NoteForRevisit(container);
        if (added > 0) (child.Total, child.Version) = (child.Total + added, model.Next());
    }

    private IEnumerable<SimImage> ImagesOf(long collection) => model.Rows.Images.Values.Where(i => i.Collection == collection);

    private long? CoverOf(long collection) => ImagesOf(collection).MinBy(i => i.Name, StringComparer.Ordinal)?.Id;

    private void Remove(SimImage image)
    {
        DropLinks(image.Id);
        model.Rows.Images.Remove(image.Id);
    }

    private void DropLinks(long image)
    {
        foreach (var link in model.Rows.Links.Keys.Where(link => link.Image == image).ToList()) model.Rows.Links.Remove(link);
    }

    private SimCollection Insert(long library, long? parent, ContainerKind kind, SourcePath path)
    {
        var container = new SimCollection { Id = model.NewId(), Library = library, Parent = parent, Kind = kind, Path = path };
        model.Rows.Collections.Add(container.Id, container);
        return container;
    }

    private Library Map(SimLibrary library) => new(
        new(library.Id), library.Root, library.Root, library.Settings, library.Mount,
        new(0, model.Rows.Images.Values.Count(i => i.Library == library.Id), 0, 0, 0, 0, new Dictionary<string, DerivativeCount>()), default, null);

    public Task<Page<Collection>> CollectionsAsync(Grants grants, CollectionQuery query, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<Collection?> CollectionAsync(Grants grants, CollectionId id, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<Page<ImageSummary>?> ImagesAsync(Grants grants, CollectionId collection, string? after, int limit, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<Image>> ImagesAsync(Grants grants, IReadOnlyList<ImageId> ids, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<Neighbours?> NeighboursAsync(Grants grants, ImageId id, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<ImageSummary?> RandomAsync(Grants grants, double point, CancellationToken cancellation) => throw new NotSupportedException();
}
