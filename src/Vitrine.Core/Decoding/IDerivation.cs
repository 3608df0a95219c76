using Vitrine.Core.Jobs;

namespace Vitrine.Core.Decoding;

/// <summary>Takes the items of a lease through decoders. Promise: each item is handed out once, with how it ended, unless the run is stopped or its lease lost.</summary>
public interface IDerivation
{
    /// <param name="stop">Ends the run after the item in hand; what is made until then is still handed out.</param>
    IAsyncEnumerable<IReadOnlyList<DerivedItem>> RunAsync(Lease lease, DecoderLane lane, LeaseSigns signs, CancellationToken stop, CancellationToken cancellation);
}

/// <summary>What the store is told while a lease is worked on. Each answers false where the lease is lost, which ends the run.</summary>
/// <param name="BeginAsync">With each item before a decoder gets it alone: the lease names it in the store.</param>
/// <param name="PassedAsync">For each <see cref="Passed.EachBytes"/> of a sequential container that were passed over.</param>
public sealed record LeaseSigns(Func<WorkItem, Task<bool>> BeginAsync, Func<Task<bool>> PassedAsync);
