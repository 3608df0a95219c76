using Vitrine.Core.Users;

namespace Vitrine.Core.Libraries;

/// <summary>
/// Images and collections whose originals are gone. Promise: nobody sees them and no counter counts them; an original that is found at the place of one within
/// its time restores it, with its id and, where its version is the recorded one, with its derivatives.
/// </summary>
public interface ITrashStore
{
    /// <summary>The images of one library that wait, by their ids; null where the library is not known or not granted.</summary>
    Task<Page<RemovedImage>?> ListAsync(Grants grants, LibraryId library, string? after, int limit, CancellationToken cancellation);

    /// <summary>Forgets up to <paramref name="limit"/> images of what waits of one library, however short it did. Answers how many; 0: there was none.</summary>
    Task<int> ForgetAsync(LibraryId library, int limit, CancellationToken cancellation);

    /// <summary>
    /// Forgets up to <paramref name="limit"/> of each kind of those that were removed before a time: what only they were linked to is unreferenced from
    /// now on. False: there was none.
    /// </summary>
    Task<bool> ForgetRemovedAsync(DateTimeOffset before, int limit, CancellationToken cancellation);
}

/// <summary>An image whose original is gone.</summary>
/// <param name="Place">The path of its container within the library.</param>
/// <param name="Size">Of the original, in bytes.</param>
public sealed record RemovedImage(ImageId Id, SourcePath Place, string Name, long Size, DateTimeOffset RemovedAt);
