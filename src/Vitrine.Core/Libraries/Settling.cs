using System.Collections.Concurrent;

namespace Vitrine.Core.Libraries;

/// <summary>
/// Tells files that are still being written from those that are done: one whose newest time is younger than the settle time, or in the
/// future, is settled when two looks that far apart, on the monotonic clock, see the same version.
/// </summary>
public sealed class Settling(TimeSpan settleTime, TimeProvider time)
{
    /// <summary>Looks at a container before what does not settle is left to the next scan.</summary>
    public const int MaxLooks = 6;

    private const int MaxRemembered = 1_000_000;
    private readonly ConcurrentDictionary<Place, Look> _looks = [];
    private readonly ConcurrentDictionary<CollectionId, int> _containers = [];

    /// <param name="newestNs">The newest of the file's times, ns since 1970; 0 where it has none of its own (an entry of an archive).</param>
    public bool IsSettled(CollectionId container, RawName name, SourceVersion version, long newestNs)
    {
        if (settleTime == TimeSpan.Zero || newestNs == 0) return true;
        var place = new Place(container, name);
        var age = time.GetUtcNow() - DateTimeOffset.UnixEpoch.AddTicks(newestNs / 100);
        if (age >= settleTime)
        {
            _looks.TryRemove(place, out _);
            return true;
        }
        var now = time.GetTimestamp();
        if (_looks.TryGetValue(place, out var first) && first.Version == version) return time.GetElapsedTime(first.At, now) >= settleTime;
        if (_looks.Count < MaxRemembered) _looks[place] = new(version, now);
        return false;
    }

    /// <summary>Another look at this container left something; true while one more is worth it.</summary>
    public bool LookAgain(CollectionId container)
    {
        var looks = _containers.AddOrUpdate(container, 1, static (_, before) => before + 1);
        if (looks < MaxLooks) return true;
        Forget(container);
        return false;
    }

    /// <summary>The container's scan is over.</summary>
    public void Forget(CollectionId container)
    {
        _containers.TryRemove(container, out _);
        if (_looks.IsEmpty) return;
        foreach (var place in _looks.Keys.Where(place => place.Container == container)) _looks.TryRemove(place, out _);
    }

    private readonly record struct Place(CollectionId Container, RawName Name);

    private readonly record struct Look(SourceVersion Version, long At);
}
