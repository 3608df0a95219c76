namespace Vitrine.Core.Users;

/// <param name="Key">Whose permits: a limit's name and whom it is counted for, at most 200 characters.</param>
/// <param name="Wanted">Taken all or not at all.</param>
/// <param name="Limit">The most that are taken of this key within any window of this length.</param>
public sealed record RateTake(string Key, int Wanted, int Limit, TimeSpan Window);

/// <summary>
/// How often somebody did what is limited, counted once for all servers, by the store's clock. Promise: within any window no more than the limit is taken of a key,
/// however many ask at once; what is refused takes nothing, and what nobody asks for any more leaves no rows.
/// </summary>
public interface IRateStore
{
    /// <summary>Null: taken. Else how long it is until the oldest that counts goes out of the window.</summary>
    Task<TimeSpan?> TakeAsync(RateTake take, CancellationToken cancellation);
}
