using System.Runtime.CompilerServices;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Decoding.Spooling;

/// <summary>
/// Takes what is in the spool from there, as files of a directory, and the rest from its container. One image that somebody looks at in a sequential container
/// goes into the spool first, with what follows it.
/// </summary>
public sealed class SpooledDerivation(Derivation direct, SpoolPasses passes) : IDerivation
{
    public async IAsyncEnumerable<IReadOnlyList<DerivedItem>> RunAsync(
        Lease lease, DecoderLane lane, LeaseSigns signs, CancellationToken stop, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var open = lease.Items.ToDictionary(item => item.Item);
        if (lease.Kind.IsSequential())
        {
            var held = await HoldAsync(lease, cancellation);
            try
            {
                await foreach (var group in FromSpoolAsync(lease, held, lane, signs, stop, cancellation))
                {
                    foreach (var ended in group) open.Remove(ended.Item.Item);
                    if (group.Count > 0) yield return group;
                }
            }
            finally
            {
                foreach (var original in held.Values) original.Dispose();
            }
        }
        if (open.Count == 0 || stop.IsCancellationRequested) yield break;
        var rest = open.Count == lease.Items.Count ? lease : lease with { Items = [.. lease.Items.Where(item => open.ContainsKey(item.Item))] };
        await foreach (var group in direct.RunAsync(rest, lane, signs, stop, cancellation)) yield return group;
    }

    private async Task<Dictionary<long, SpooledOriginal>> HoldAsync(Lease lease, CancellationToken cancellation)
    {
        var place = ContainerPlace.ToRead(lease.Root, lease.Path, lease.Kind, lease.ContainerVersion);
        var held = new Dictionary<long, SpooledOriginal>();
        foreach (var item in lease.Items)
        {
            var key = new SpoolKey(lease.Collection, lease.ContainerVersion, item.RawName, item.Occurrence, item.Version);
            if ((lease.Job is null ? await passes.GetAsync(place, key, cancellation) : passes.Find(key)) is { } original) held[item.Item] = original;
        }
        return held;
    }

    private async IAsyncEnumerable<IReadOnlyList<DerivedItem>> FromSpoolAsync(
        Lease lease, Dictionary<long, SpooledOriginal> held, DecoderLane lane, LeaseSigns signs, CancellationToken stop,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (held.Count == 0) yield break;
        var items = lease.Items.Where(item => held.ContainsKey(item.Item)).ToDictionary(item => item.Item);
        var files = lease with
        {
            Root = held.Values.First().Folder,
            Path = SourcePath.Root,
            Kind = ContainerKind.Directory,
            ContainerVersion = default,
            Items = [.. items.Values.Select(item => item with { RawName = RawName.FromText(held[item.Item].Name), Occurrence = 0, Version = held[item.Item].Version })],
        };
        await foreach (var group in direct.RunAsync(files, lane, signs, stop, cancellation))
            yield return [.. group.Where(IsOfItsOriginal).Select(ended => OfContainer(ended, items[ended.Item.Item]))];
    }

    /// <summary>A file that cannot be read is the spool's fault: its container is asked.</summary>
    private static bool IsOfItsOriginal(DerivedItem ended) => ended.Reason is not (Reason.SourceMissing or Reason.SourceUnreadable or Reason.SourceChanged or Reason.SourceLink);

    private static DerivedItem OfContainer(DerivedItem ended, WorkItem item) =>
        ended with { Item = item, VersionRead = ended.VersionRead is null ? null : item.Version };
}
