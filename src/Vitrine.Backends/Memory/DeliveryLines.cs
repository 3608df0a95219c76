using Vitrine.Core;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Memory;

/// <summary>Deliveries that are at hand in this process: a line for each class, and whoever waits for the next one.</summary>
internal sealed class DeliveryLines(TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Delivery>[] _classes = [.. Enum.GetValues<BatchClass>().Select(_ => new LinkedList<Delivery>())];

    /// <summary>One for each delivery; more than that where lines were cleared, so that who has one looks again.</summary>
    private readonly Permits _waiting = new(0);

    public bool IsEmpty
    {
        get
        {
            lock (_gate) return _classes.All(line => line.Count == 0);
        }
    }

    /// <summary>Behind the others of its class. False: there are <paramref name="most"/> of them.</summary>
    public bool TryAdd(Delivery delivery, int most = int.MaxValue)
    {
        lock (_gate)
        {
            var line = _classes[(int)delivery.Offer.Class];
            if (line.Count >= most) return false;
            line.AddLast(delivery);
        }
        _waiting.Give();
        return true;
    }

    /// <summary>Before the others of its class, however many there are.</summary>
    public void AddFirst(Delivery delivery)
    {
        lock (_gate) _classes[(int)delivery.Offer.Class].AddFirst(delivery);
        _waiting.Give();
    }

    /// <summary>The first one of the first class that has any; null when none came within <paramref name="wait"/>.</summary>
    public async Task<Delivery?> TakeAsync(TimeSpan wait, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        while (_waiting.TryTake())
        {
            if (First() is { } atHand) return atHand;
        }
        // By our own clock, which a semaphore's own time-out would not be.
        using var timeout = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        while (await _waiting.TryTakeAsync(either.Token))
        {
            if (First() is { } came) return came;
        }
        cancellation.ThrowIfCancellationRequested();
        return null;
    }

    /// <summary>Takes all of them out.</summary>
    public IReadOnlyList<Delivery> Clear()
    {
        lock (_gate)
        {
            List<Delivery> all = [.. _classes.SelectMany(line => line)];
            foreach (var line in _classes) line.Clear();
            return all;
        }
    }

    public void Dispose() => _waiting.Dispose();

    private Delivery? First()
    {
        lock (_gate)
        {
            if (_classes.FirstOrDefault(line => line.Count > 0) is not { } line) return null;
            var first = line.First!.Value;
            line.RemoveFirst();
            return first;
        }
    }
}
