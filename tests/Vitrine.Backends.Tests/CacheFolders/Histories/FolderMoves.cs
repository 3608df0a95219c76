using System.Globalization;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.CacheFolders.Histories;

/// <summary>What takes blobs from where they stand: eviction, which pins keep off, for those who wait; and draining one folder into the other.</summary>
internal static class FolderMoves
{
    /// <summary>Work of other nodes while this one moves a blob.</summary>
    private static readonly IReadOnlyList<Func<FolderWorld, Task<string>>> Others =
    [
        EvictAsync, EvictAsync, DemandAsync, StopAsync,
        FolderOperations.DeriveAsync, FolderOperations.ScanAsync, FolderOperations.ForgetAsync, FolderOperations.CleanAsync, FolderOperations.SpoilAsync,
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Somebody looks at an image: it is made now, and what is in the way is evicted.</summary>
    public static async Task<string> DemandAsync(FolderWorld world)
    {
        var presets = world.Chance.Of<string[]>([["display"], ["thumbnail", "display"], ["full"]]);
        var images = (await world.Store.Catalog.ToDeriveAsync(new(world.Library.Id, presets, Force: true), null, 1000, Cancellation)).Items;
        if (images.Count == 0) return "no images";
        var added = await world.Store.Batches.AddAsync(new BatchAddition.OnDemand(new(world.Chance.Of(images).Item), presets), Cancellation);
        if (added.Batch is not { } batch) return "refused";
        world.Demanded.Add(batch);
        return await FinishAsync(world, batch);
    }

    public static async Task<string> FinishAsync(FolderWorld world, BatchId batch)
    {
        if (await world.Store.Batches.LeaseAsync(new("node", Batch: batch), Cancellation) is not { } lease) return "in other hands";
        await FolderOperations.WorkAsync(world, lease);
        return $"lease {lease.Token}";
    }

    public static async Task<string> PinAsync(FolderWorld world)
    {
        var collections = (await world.Store.Catalog.CollectionsAsync(Grants.All, new(), Cancellation)).Items;
        if (collections.Count == 0) return "no collections";
        var id = world.Chance.Of(collections).Id;
        var pinned = world.Pinned.Add(id);
        if (!pinned) world.Pinned.Remove(id);
        await world.Places.PinAsync(id, pinned, Cancellation);
        return $"collection {id} {pinned}";
    }

    /// <summary>Somebody needs more than is free, or on-demand work has filled a folder.</summary>
    public static async Task<string> EvictAsync(FolderWorld world)
    {
        var before = await world.ListAsync();
        var kept = await PinnedAsync(world);
        var folder = world.Chance.Of(before);
        var bytes = folder.LimitBytes - folder.Bytes - folder.ReservedBytes + world.Chance.Between(1, 4000);
        var preset = world.Chance.Of(["thumbnail", "display", "display"]);
        if (world.Chance.Is(0.3))
        {
            world.Evictor.Suggest(folder, bytes);
            await world.Evictor.RunOnceAsync(Cancellation);
        }
        else if (await world.Evictor.MakeRoomAsync(new(world.Chance.Between(1, 9)), preset, bytes, Cancellation))
        {
            var free = (await world.ListAsync()).Where(f => !f.Draining).Max(f => f.LimitBytes - f.Bytes - f.ReservedBytes);
            if (free < bytes) world.Disk.Faults.Add($"Room for {bytes} bytes was promised, and {free} are free.");
        }
        if (await PinnedAsync(world) is var left && left != kept) world.Disk.Faults.Add($"Pins kept {kept} bytes, and {left} are left after an eviction.");
        var gone = before.Sum(f => f.Blobs) - (await world.ListAsync()).Sum(f => f.Blobs);
        if (gone > 0) world.Reach("evicted", (int)gone);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes in {folder.Id}: {gone} went");
    }

    /// <summary>A folder is drained into the other one, as far as that has room; it may end in the middle, and others are at work meanwhile.</summary>
    public static async Task<string> DrainAsync(FolderWorld world)
    {
        var (from, before) = (world.AnyFolder, world.Places.Moved);
        foreach (var folder in world.Folders) await world.DrainAsync(folder, folder == from);
        using var stop = new CancellationTokenSource();
        var told = "";
        world.Places.Meanwhile(world.Chance.Between(1, 3), world.Chance.Next(4) switch
        {
            0 => stop.CancelAsync,
            1 or 2 => async () => told = await world.Chance.Of(Others)(world),
            _ => null,
        });
        try
        {
            await world.Drainer.RunOnceAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            told = "ended in the middle";
            world.Reach("drains ended");
        }
        world.Places.Meanwhile(0, null);
        if (world.Places.Moved - before is var moved and > 0) world.Reach("moved", moved);
        if (world.Chance.Is(0.4)) await StopAsync(world);
        var now = await world.ListAsync();
        return $"{from}: {string.Join(", ", now.Select(f => $"{f.Id} has {f.Blobs}"))}; meanwhile: {told}";
    }

    private static async Task<string> StopAsync(FolderWorld world)
    {
        foreach (var folder in world.Folders) await world.DrainAsync(folder, false);
        return "no longer drained";
    }

    private static async Task<long> PinnedAsync(FolderWorld world)
    {
        var sum = 0L;
        foreach (var folder in world.Folders) sum += await world.Store.Places.PinnedBytesAsync(folder, Cancellation);
        return sum;
    }
}
