namespace Vitrine.Core.Libraries.Watching;

/// <summary>Notes for another look, by those who watch a library and by commits. Promise: a note is kept until a scan takes it up, and noting twice is noting once.</summary>
public interface IWatchStore
{
    /// <summary>All directories and archives of a library as the last scan left them, those without images as well, by id.</summary>
    Task<Page<WatchedContainer>> ContainersAsync(LibraryId library, string? after, int limit, CancellationToken cancellation);

    /// <summary>
    /// Notes for another look what is recorded at these places, or, where nothing is, the nearest container above. Answers how many were not noted before.
    /// </summary>
    Task<int> NoteAsync(LibraryId library, IReadOnlyCollection<SourcePath> places, CancellationToken cancellation);

    /// <summary>
    /// Collections noted for another look (source changed while it was read, or not settled) that are due by then, up to <paramref name="limit"/>,
    /// longest due first: see <see cref="RevisitPause"/>. One that a scan was added for is due again after <see cref="RevisitPause.Longest"/>,
    /// unless that scan takes its note away before.
    /// </summary>
    Task<IReadOnlyList<CollectionId>> ToRevisitAsync(LibraryId library, DateTimeOffset dueBy, int limit, CancellationToken cancellation);
}

/// <param name="Version">Null where no scan of it has ended yet.</param>
public sealed record WatchedContainer(ContainerKind Kind, SourcePath Path, SourceVersion? Version);
