using Vitrine.Core.Jobs;

namespace Vitrine.Core.Decoding;

/// <summary>Takes the items of a lease through decoders. Promise: each item is handed out once, with how it ended, unless the run is stopped or its lease lost.</summary>
public interface IDerivation
{
    /// <param name="begin">Called with each item before a decoder gets it alone (the lease names it in the store); false ends the run.</param>
    /// <param name="stop">Ends the run after the item in hand; what is made until then is still handed out.</param>
    IAsyncEnumerable<IReadOnlyList<DerivedItem>> RunAsync(
        Lease lease, DecoderLane lane, Func<WorkItem, Task<bool>> begin, CancellationToken stop, CancellationToken cancellation);
}
