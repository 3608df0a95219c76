using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.Decoding;

/// <summary>
/// Makes what is missing of an image from a larger derivative of it where there is one, so that neither its original nor its container is read. What does not come out so
/// goes the long way: a file that is gone or is not what was written, bytes that do not decode, and all that is left once a decoder died or ran out of memory.
/// </summary>
public sealed class ShrinkingDerivation(IDerivation originals, DecoderPools pools, IDerivativeStore files, Telemetry telemetry, DecodeLimits limits) : IDerivation
{
    private const int GroupItems = 64;

    public async IAsyncEnumerable<IReadOnlyList<DerivedItem>> RunAsync(
        Lease lease, DecoderLane lane, LeaseSigns signs, CancellationToken stop, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var made = new HashSet<long>();
        // After deaths each item is named in the store before it begins: only originals are.
        var chunks = lease.OneByOne ? [] : lease.Items.Where(item => item.Larger is not null).Chunk(GroupItems);
        foreach (var chunk in chunks)
        {
            var (group, goOn) = await ShrinkAsync(chunk, lease.Root, lane, stop, cancellation);
            made.UnionWith(group.Select(item => item.Item.Item));
            if (group.Count > 0) yield return group;
            if (!goOn) break;
        }
        if (made.Count == lease.Items.Count || stop.IsCancellationRequested) yield break;
        var rest = made.Count == 0 ? lease : lease with { Items = [.. lease.Items.Where(item => !made.Contains(item.Item))] };
        await foreach (var group in originals.RunAsync(rest, lane, signs, stop, cancellation)) yield return group;
    }

    /// <summary>What came out, and whether another decoder is to be asked.</summary>
    private async Task<(List<DerivedItem> Group, bool GoOn)> ShrinkAsync(WorkItem[] items, string root, DecoderLane lane, CancellationToken stop, CancellationToken cancellation)
    {
        await using var rental = await pools.RentAsync(lane, DecoderFlavour.Bundled, root, cancellation);
        var group = new List<DerivedItem>();
        try
        {
            foreach (var item in items.TakeWhile(_ => !stop.IsCancellationRequested && !rental.IsSpent))
            {
                if (await ReadAsync(item.Larger!, cancellation) is { } picture && await AskAsync(rental, item, picture, cancellation) is { } ended)
                {
                    telemetry.ImagesShrunk.Add();
                    group.Add(ended);
                }
                else telemetry.ShrinksFailed.Add();
            }
            return (group, !rental.IsSpent);
        }
        catch (DecoderDiedException death)
        {
            telemetry.ShrinksFailed.Add();
            telemetry.DecoderDeaths.Add();
            if (death.ForMemory) telemetry.MemoryRefusals.Add();
            return (group, false);
        }
    }

    /// <summary>Null: it is not there as it was written.</summary>
    private async Task<byte[]?> ReadAsync(LargerDerivative larger, CancellationToken cancellation)
    {
        try
        {
            await using var file = files.Open(larger.FolderPath, larger.FileName);
            if (file?.Length != larger.Size) return null;
            var bytes = GC.AllocateUninitializedArray<byte>((int)larger.Size);
            await file.ReadExactlyAsync(bytes, cancellation);
            return Convert.ToHexStringLower(SHA256.HashData(bytes)) == larger.Hash ? bytes : null;
        }
        catch (Exception disk) when (disk is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Null: not all of it could be made.</summary>
    private async Task<DerivedItem?> AskAsync(DecoderRental rental, WorkItem item, byte[] picture, CancellationToken cancellation)
    {
        var made = new List<DerivedFile>();
        ShrinkEnd? end = null;
        await foreach (var frame in rental.Decoder.AskAsync(new(new ShrinkRequest(item.Presets, limits), picture), limits, cancellation))
        {
            if (frame.Message is DerivativeBytes info) made.Add(new(info, frame.Body));
            else end = (ShrinkEnd)frame.Message;
        }
        if (end!.Reason == Reason.OutOfMemory)
        {
            telemetry.MemoryRefusals.Add();
            rental.IsSpent = true;
        }
        var isWhole = end.Reason is null && made.Select(file => file.Info.Preset).Order().SequenceEqual(item.Presets.Select(preset => preset.Name).Order());
        return isWhole
            ? new(item, Outcome.Done, null, null, null, item.Larger!.Facts, made, pools.VersionOf(rental.Decoder.Hello), Cost: TimeSpan.FromMilliseconds(end.CpuMilliseconds))
            : null;
    }
}
