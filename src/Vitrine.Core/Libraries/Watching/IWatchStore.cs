namespace Vitrine.Core.Libraries.Watching;

/// <summary>What watching a library needs of the store. Promise: a note is kept until a scan takes it up, and noting twice is noting once.</summary>
public interface IWatchStore
{
    /// <summary>All directories and archives of a library as the last scan left them, those without images as well, by id.</summary>
    Task<Page<WatchedContainer>> ContainersAsync(LibraryId library, string? after, int limit, CancellationToken cancellation);

    /// <summary>
    /// Notes for another look what is recorded at these places, or, where nothing is, the nearest container above. Answers how many were not noted before.
    /// </summary>
    Task<int> NoteAsync(LibraryId library, IReadOnlyCollection<SourcePath> places, CancellationToken cancellation);
}

/// <param name="Version">Null where no scan of it has ended yet.</param>
public sealed record WatchedContainer(ContainerKind Kind, SourcePath Path, SourceVersion? Version);
