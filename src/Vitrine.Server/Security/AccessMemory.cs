using System.Collections.Concurrent;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;

namespace Vitrine.Server.Security;

/// <summary>
/// Whom a token stands for, for a short while, so that a page of thumbnails does not ask the store for each of them. What changes a user forgets all of theirs at
/// once, also what was being asked at that moment; what another server changed is forgotten by <see cref="WithdrawalWatch"/>.
/// </summary>
internal sealed class AccessMemory(ServerOptions options, TimeProvider time)
{
    /// <summary>How long after a look at what was taken back anything remembered counts: no right outlives its end by more, on any server.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    /// <summary>Beyond it the memory starts anew: it only saves look-ups.</summary>
    private const int MaxRemembered = 10_000;

    private readonly ConcurrentDictionary<TokenHash, (Access Access, long Until)> _remembered = new();
    private long _changes;

    /// <summary>When the last look began that has come to its end; 0: there was none.</summary>
    private long _confirmed;

    private readonly long _bound = (long)(Bound.TotalSeconds * time.TimestampFrequency);
    private readonly long _kept = options.SessionCacheSeconds * time.TimestampFrequency;

    public KnownAccess? Find(TokenHash hash)
    {
        var changes = Interlocked.Read(ref _changes);
        if (!_remembered.TryGetValue(hash, out var found)) return null;
        var known = new KnownAccess(found.Access, found.Until, changes);
        return StillHolds(known) ? known : null;
    }

    /// <summary>Whether an answer of <see cref="Find"/> would be the same now: its time is not over, and nobody was forgotten since.</summary>
    public bool StillHolds(KnownAccess known)
    {
        var now = time.GetTimestamp();
        return known.Changes == Interlocked.Read(ref _changes) && now < known.Until && Volatile.Read(ref _confirmed) is not 0 and var asked && now - asked < _bound;
    }

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
        _remembered[hash] = (access, time.GetTimestamp() + _kept);
        if (changes != Interlocked.Read(ref _changes)) _remembered.TryRemove(hash, out _);
        return access;
    }

    /// <summary>All that was taken back before <paramref name="asked"/>, a timestamp, is forgotten.</summary>
    public void Confirm(long asked) => Volatile.Write(ref _confirmed, asked);

    public void Forget()
    {
        Interlocked.Increment(ref _changes);
        _remembered.Clear();
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

/// <param name="Until">Timestamp from which on the store is asked again.</param>
/// <param name="Changes">How many changes the memory had seen.</param>
internal sealed record KnownAccess(Access Access, long Until, long Changes);
