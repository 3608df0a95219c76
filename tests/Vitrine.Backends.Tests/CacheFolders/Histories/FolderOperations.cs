using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.CacheFolders.Histories;

/// <param name="Weight">How often, against the others.</param>
/// <param name="RunAsync">Does it, and says what it did.</param>
internal sealed record FolderOperation(string Name, int Weight, Func<FolderWorld, Task<string>> RunAsync);

/// <summary>What may happen to cache folders. A new kind of work on them is a line in <see cref="All"/> and its method.</summary>
internal static class FolderOperations
{
    public static readonly IReadOnlyList<FolderOperation> All =
    [
        new("scan", 9, ScanAsync),
        new("derive", 10, DeriveAsync),
        new("publish", 3, PublishAsync),
        new("commit", 3, CommitAsync),
        new("force", 1, ForceAsync),
        new("forget", 2, ForgetAsync),
        new("wait", 5, WaitAsync),
        new("demand", 3, FolderMoves.DemandAsync),
        new("pin", 2, FolderMoves.PinAsync),
        new("evict", 4, FolderMoves.EvictAsync),
        new("drain", 5, FolderMoves.DrainAsync),
        new("clean", 6, CleanAsync),
        new("reconcile", 2, ReconcileAsync),
        new("spoil", 2, SpoilAsync),
        new("repair", 2, RepairAsync),
        new("crash", 3, CrashAsync),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Leases, writes and commits, as workers do, until nothing is left or there is no room.</summary>
    public static async Task<string> DeriveAllAsync(FolderWorld world)
    {
        var batches = 0;
        while (await world.Story.LeaseAsync() is { } lease && await WorkAsync(world, lease)) batches++;
        return $"{batches} batches";
    }

    /// <summary>Writes and commits what a lease has. False: there is no room.</summary>
    public static async Task<bool> WorkAsync(FolderWorld world, Lease lease)
    {
        var written = await WriteAsync(world, lease);
        await EndAsync(world, lease, written);
        return written.Fault == Verdict.GoOn;
    }

    public static async Task<string> ScanAsync(FolderWorld world)
    {
        // What somebody waits for is leased before scans.
        foreach (var batch in world.Demanded) await FolderMoves.FinishAsync(world, batch);
        var changed = world.Sources.Change(world.Chance);
        await world.Story.ScanAsync(world.Library, world.Sources.Tree);
        return changed;
    }

    public static async Task<string> DeriveAsync(FolderWorld world)
    {
        if (await world.Story.LeaseAsync() is not { } lease) return "nothing to do";
        await WorkAsync(world, lease);
        return $"lease {lease.Token}";
    }

    /// <summary>A worker that is slow between its last file and its commit: anything may happen meanwhile.</summary>
    private static async Task<string> PublishAsync(FolderWorld world)
    {
        if (world.InFlight is not null || await world.Story.LeaseAsync() is not { } lease) return "nothing to do";
        world.InFlight = (lease, await WriteAsync(world, lease));
        return $"lease {lease.Token}";
    }

    private static async Task<string> CommitAsync(FolderWorld world)
    {
        if (world.InFlight is not { } flight) return "nothing in flight";
        world.InFlight = null;
        await EndAsync(world, flight.Lease, flight.Group);
        return $"lease {flight.Lease.Token}";
    }

    private static async Task<string> ForceAsync(FolderWorld world)
    {
        var scope = new JobScope(world.Library.Id, ["thumbnail"], Force: true);
        var page = await world.Store.Catalog.ToDeriveAsync(scope, null, 1000, Cancellation);
        if (page.Items.Count == 0) return "no images";
        await world.Story.PlanAsync(scope, BatchPlan.Cut([world.Chance.Of(page.Items)], BatchClass.Normal));
        return await DeriveAsync(world);
    }

    public static async Task<string> ForgetAsync(FolderWorld world) => $"{await world.Store.Trash.ForgetAsync(world.Library.Id, 100, Cancellation)} images";

    private static Task<string> WaitAsync(FolderWorld world)
    {
        var pause = TimeSpan.FromHours(world.Chance.Between(1, 60));
        world.Store.Time.Advance(pause);
        return Task.FromResult($"{pause.TotalHours} hours");
    }

    public static async Task<string> CleanAsync(FolderWorld world)
    {
        var request = new CleanUpRequest(
            world.Chance.Of(Enum.GetValues<CleanUpScope>()), TimeSpan.FromDays(world.Chance.Of([0, 0, 1, 2, 7])), DryRun: world.Chance.Is(0.15));
        var before = request.DryRun ? CountFiles(world) : 0;
        var report = (await world.CleanUp.RunAsync(world.AnyFolder, request, Cancellation))!;
        if (request.DryRun && CountFiles(world) != before) world.Disk.Faults.Add("A dry run changed the folder.");
        return string.Create(CultureInfo.InvariantCulture, $"{request}: {report.Orphans.Files}/{report.Unreferenced.Files}/{report.Staged.Files}, {report.Young} young");
    }

    private static async Task<string> ReconcileAsync(FolderWorld world)
    {
        var folder = world.AnyFolder;
        var found = (await world.Reconciler.RunAsync(folder, Cancellation))!;
        var elsewhere = (await world.RowsAsync()).Where(row => row.Folder != folder).Select(row => row.Name).ToHashSet();
        world.Spoilt.RemoveWhere(name => !elsewhere.Contains(name) && !File.Exists(Path.Combine(world.PathOf(folder), name)));
        return $"{found.Repaired} of {found.Dangling} taken out";
    }

    /// <summary>Somebody else deletes a file, or the disk damages it.</summary>
    public static async Task<string> SpoilAsync(FolderWorld world)
    {
        var rows = await world.RowsAsync();
        if (rows.Count == 0) return "no files";
        var row = world.Chance.Of(rows);
        var (name, path) = (row.Name, Path.Combine(world.PathOf(row.Folder), row.Name));
        if (world.Chance.Is(0.5)) File.Delete(path);
        else if (File.Exists(path)) await File.WriteAllTextAsync(path, "spoilt", Cancellation);
        if (File.Exists(path)) File.SetLastWriteTimeUtc(path, world.Disk.Now.UtcDateTime);
        world.Spoilt.Add(name);
        return name;
    }

    private static async Task<string> RepairAsync(FolderWorld world)
    {
        var found = await world.Verify.RunAsync(new(Repair: true), Cancellation);
        world.Spoilt.Clear();
        return $"{found.Repair}";
    }

    private static async Task<string> CrashAsync(FolderWorld world)
    {
        await world.RecoverAsync();
        return "and a new process";
    }

    private static async Task<WrittenGroup> WriteAsync(FolderWorld world, Lease lease)
    {
        var facts = lease.Items.ToDictionary(item => item.Item, Facts);
        var known = (lease.Known ?? []).Select(content => Convert.ToHexString(content.ContentHash)).ToHashSet();
        return await world.Writer.WriteAsync(lease, [.. lease.Items.Select(item => Derive(item, facts[item.Item], known, lease.Force))], Cancellation);
    }

    private static DerivedItem Derive(WorkItem item, ImageFacts facts, HashSet<string> known, bool force)
    {
        if (!force && known.Contains(Convert.ToHexString(facts.ContentHash)) && item.Presets.Count > 0)
            return new(item, Outcome.Done, null, null, item.Version, facts, [], "fake", Known: true);
        var files = item.Presets.Select(preset => new DerivedFile(new(0, preset.Name, 320, 240, "image/webp", false), Bytes(preset.Name, facts, force)));
        return new(item, Outcome.Done, null, null, item.Version, facts, [.. files], "fake");
    }

    private static ImageFacts Facts(WorkItem item) => new(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"content {item.Version.Size}"))), 4000, 3000, "jpeg", 1, 1, null, null, false);

    /// <summary>Of a size that the content decides; another one where it is made anew.</summary>
    private static byte[] Bytes(string preset, ImageFacts facts, bool force) =>
        [.. "RIFF....WEBP"u8, .. new byte[(preset == "thumbnail" ? 100 : 900) + facts.ContentHash[0] + (force ? 50 : 0)]];

    private static async Task EndAsync(FolderWorld world, Lease lease, WrittenGroup written)
    {
        using (written)
        {
            if (written.Fault == Verdict.GoOn) written.Committed(await world.Store.Ledger.CommitAsync(lease, written.Results, Cancellation));
        }
        world.Writer.Forget(lease);
        await world.Store.Batches.ReleaseAsync(new BatchRelease.HandedBack(lease.Token), Cancellation);
    }

    private static int CountFiles(FolderWorld world) => world.Folders.Sum(folder => world.Disk.Real.Files(world.PathOf(folder)).Count());
}
