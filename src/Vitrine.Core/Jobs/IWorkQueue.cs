namespace Vitrine.Core.Jobs;

/// <summary>
/// Hints that a batch may be leased. Promise: bounded per class; an offer is accepted or refused, never dropped silently. It may lose,
/// double or reorder what it accepted: the store is the truth.
/// </summary>
public interface IWorkQueue
{
    /// <summary>Publishes in order. The answer names the offers refused because their class is full.</summary>
    Task<PublishAnswer> PublishAsync(IReadOnlyList<Offer> offers, CancellationToken cancellation);

    /// <summary>The next delivery, by class; null when none came within <paramref name="wait"/>.</summary>
    Task<Delivery?> ReceiveAsync(TimeSpan wait, CancellationToken cancellation);

    /// <summary>The delivery was looked at, whatever came of it.</summary>
    Task AcknowledgeAsync(Delivery delivery, CancellationToken cancellation);

    /// <summary>Not looked at: for another consumer, as if it had not been delivered.</summary>
    Task ReturnAsync(Delivery delivery, CancellationToken cancellation);
}

/// <param name="Refused">Full: the caller makes these Ready again.</param>
public sealed record PublishAnswer(IReadOnlyList<Offer> Refused);

/// <param name="Tag">The queue's own mark of this delivery.</param>
public sealed record Delivery(Offer Offer, ulong Tag);
