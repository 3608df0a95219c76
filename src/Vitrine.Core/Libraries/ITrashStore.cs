namespace Vitrine.Core.Libraries;

/// <summary>
/// Images and collections whose originals are gone. Promise: nobody sees them and no counter counts them; an original that is found at the place of one within
/// its time restores it, with its id and, where its version is the recorded one, with its derivatives.
/// </summary>
public interface ITrashStore
{
    /// <summary>
    /// Forgets up to <paramref name="limit"/> of each kind of those that were removed before a time: what only they were linked to is unreferenced from
    /// now on. False: there was none.
    /// </summary>
    Task<bool> ForgetRemovedAsync(DateTimeOffset before, int limit, CancellationToken cancellation);
}
