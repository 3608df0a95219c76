using System.Diagnostics.Metrics;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Memory;

/// <summary>The queue of the embedded profile: first in, first out within a class, classes in their order. What it holds is lost with the process.</summary>
public sealed class MemoryWorkQueue(int length, TimeProvider time, Meter meter) : IWorkQueue, IDisposable
{
    private readonly DeliveryLines _lines = new(time);
    private readonly Counter<long> _refusals = meter.CreateCounter<long>("vitrine.queue.full_rejections", description: "Offers refused because their class was full.");
    private ulong _tag;

    public Task<PublishAnswer> PublishAsync(IReadOnlyList<Offer> offers, CancellationToken cancellation)
    {
        List<Offer> refused = [.. offers.Where(offer => !_lines.TryAdd(new(offer, Interlocked.Increment(ref _tag)), length))];
        if (refused.Count > 0) _refusals.Add(refused.Count);
        return Task.FromResult(new PublishAnswer(refused));
    }

    public Task<Delivery?> ReceiveAsync(TimeSpan wait, CancellationToken cancellation) => _lines.TakeAsync(wait, cancellation);

    /// <summary>Nothing is kept of what was delivered: the lease is the guarantee.</summary>
    public Task AcknowledgeAsync(Delivery delivery, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>To the front, and beyond the length if need be: it was in the queue before.</summary>
    public Task ReturnAsync(Delivery delivery, CancellationToken cancellation)
    {
        _lines.AddFirst(delivery);
        return Task.CompletedTask;
    }

    public void Dispose() => _lines.Dispose();
}
