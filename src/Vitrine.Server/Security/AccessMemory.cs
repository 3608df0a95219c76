using System.Collections.Concurrent;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Security;

/// <summary>
/// Whom a token stands for, for a short while, so that a page of thumbnails does not ask the store for each of them. What changes a user forgets all of theirs at
/// once, also what was being asked at that moment.
/// </summary>
internal sealed class AccessMemory(ServerOptions options, TimeProvider time)
{
    /// <summary>Beyond it the memory starts anew: it only saves look-ups.</summary>
    private const int MaxRemembered = 10_000;

    private readonly ConcurrentDictionary<TokenHash, (Access Access, DateTimeOffset Until)> _remembered = new();
    private long _changes;

    public KnownAccess? Find(TokenHash hash)
    {
        var changes = Interlocked.Read(ref _changes);
        return _remembered.TryGetValue(hash, out var known) && time.GetUtcNow() < known.Until ? new(known.Access, known.Until, changes) : null;
    }

    /// <summary>Whether an answer of <see cref="Find"/> would be the same now: its time is not over, and nobody was forgotten since.</summary>
    public bool StillHolds(KnownAccess known) => known.Changes == Interlocked.Read(ref _changes) && time.GetUtcNow() < known.Until;

    /// <summary>Asks, and remembers the answer. A change while it was asked leaves it out: which came first is not known.</summary>
    public async ValueTask<Access?> AskAsync(TokenHash hash, Func<byte[], CancellationToken, Task<Access?>> ask, CancellationToken cancellation)
    {
        var changes = Interlocked.Read(ref _changes);
        var access = await ask(hash.ToArray(), cancellation);
        if (access is null || changes != Interlocked.Read(ref _changes))
        {
            _remembered.TryRemove(hash, out _);
            return access;
        }
        if (_remembered.Count >= MaxRemembered) _remembered.Clear();
        _remembered[hash] = (access, time.GetUtcNow() + TimeSpan.FromSeconds(options.SessionCacheSeconds));
        if (changes != Interlocked.Read(ref _changes)) _remembered.TryRemove(hash, out _);
        return access;
    }

    public void Forget(TokenHash hash)
    {
        Interlocked.Increment(ref _changes);
        _remembered.TryRemove(hash, out _);
    }

    public void Forget(UserId user)
    {
        Interlocked.Increment(ref _changes);
        foreach (var (hash, known) in _remembered)
        {
            if (known.Access.User == user) _remembered.TryRemove(hash, out _);
        }
    }
}

/// <param name="Until">When the store is asked again.</param>
/// <param name="Changes">How many changes the memory had seen.</param>
internal sealed record KnownAccess(Access Access, DateTimeOffset Until, long Changes);
