namespace Vitrine.Core.Jobs;

/// <summary>
/// Locks on names, with a lease time by the store's clock. Promise: a name has at most one holder; each grant has a larger token
/// than any before it, from the same sequence as leases.
/// </summary>
public interface ILockStore
{
    /// <summary>
    /// Takes the lock where it is free or its time is over, or further off than twice <paramref name="duration"/> (the clock was set back); null where another
    /// holds it. The holder may take it again: same token, new time. All who take a name give the same duration.
    /// </summary>
    Task<LockGrant?> AcquireAsync(string name, string owner, TimeSpan duration, CancellationToken cancellation);

    /// <summary>Moves the end of all locks of an owner, in one statement; answers the names still held.</summary>
    Task<IReadOnlySet<string>> RenewAsync(string owner, TimeSpan duration, CancellationToken cancellation);

    /// <summary>Frees it; an old token frees nothing.</summary>
    Task ReleaseAsync(LockGrant grant, CancellationToken cancellation);

    /// <summary>Frees all locks of owners whose names begin so, who are proven dead.</summary>
    Task FreeAsync(string ownerPrefix, CancellationToken cancellation);
}

/// <param name="Token">Fences what the holder writes.</param>
public sealed record LockGrant(string Name, long Token);
