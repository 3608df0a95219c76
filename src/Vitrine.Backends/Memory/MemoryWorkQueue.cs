using System.Diagnostics.Metrics;
using Vitrine.Core;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Memory;

/// <summary>The queue of the embedded profile: first in, first out within a class, classes in their order. What it holds is lost with the process.</summary>
public sealed class MemoryWorkQueue(int length, TimeProvider time, Meter meter) : IWorkQueue, IDisposable
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Offer>[] _classes = [.. Enum.GetValues<BatchClass>().Select(_ => new LinkedList<Offer>())];
    private readonly Permits _waiting = new(0);
    private readonly Counter<long> _refusals = meter.CreateCounter<long>("vitrine.queue.full_rejections", description: "Offers refused because their class was full.");
    private ulong _tag;

    public Task<PublishAnswer> PublishAsync(IReadOnlyList<Offer> offers, CancellationToken cancellation)
    {
        var refused = new List<Offer>();
        lock (_gate)
        {
            foreach (var offer in offers)
            {
                var line = _classes[(int)offer.Class];
                if (line.Count >= length)
                {
                    refused.Add(offer);
                    continue;
                }
                line.AddLast(offer);
                _waiting.Give();
            }
        }
        if (refused.Count > 0) _refusals.Add(refused.Count);
        return Task.FromResult(new PublishAnswer(refused));
    }

    public async Task<Delivery?> ReceiveAsync(TimeSpan wait, CancellationToken cancellation)
    {
        if (!await WaitAsync(wait, cancellation)) return null;
        lock (_gate)
        {
            var line = _classes.First(l => l.Count > 0);
            var offer = line.First!.Value;
            line.RemoveFirst();
            return new(offer, ++_tag);
        }
    }

    /// <summary>Nothing is kept of what was delivered: the lease is the guarantee.</summary>
    public Task AcknowledgeAsync(Delivery delivery, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>To the front, and beyond the length if need be: it was in the queue before.</summary>
    public Task ReturnAsync(Delivery delivery, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _classes[(int)delivery.Offer.Class].AddFirst(delivery.Offer);
            _waiting.Give();
        }
        return Task.CompletedTask;
    }

    /// <summary>By our own clock, which a semaphore's own time-out would not be.</summary>
    private async Task<bool> WaitAsync(TimeSpan wait, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_waiting.TryTake()) return true;
        using var timeout = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        if (await _waiting.TryTakeAsync(either.Token)) return true;
        cancellation.ThrowIfCancellationRequested();
        return false;
    }

    public void Dispose() => _waiting.Dispose();
}
