using System.Text;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>A scan of one container in no time: it comes between any two steps of whoever works on its images.</summary>
internal static class QuickScan
{
    public static async Task RunAsync(Surroundings around, Library library, CollectionId collection, string place)
    {
        var root = around.World.Roots[library.Root];
        if (root.Gone || root.Containers.GetValueOrDefault(place) is not { } container) return;
        var jobs = around.Witness.Bench.Jobs;
        var scan = await jobs.AddAsync(new(Handler.Scan, new(library.Id, library.Settings.Presets, [collection])), CancellationToken.None);
        var batch = around.Witness.Bench.Read(whole: true).Items.GetValueOrDefault((scan!.Id.Value, collection.Value));
        around.Witness.Touched = true;
        if (batch is null || await around.Batches.LeaseAsync(new("scanner", Batch: new(batch.Batch)), CancellationToken.None) is not { } lease) return;
        var step = new ScanStep(collection, [.. container.Originals.Values.Select(Found)], ContainersOf(root, place), SameMount: true, Last: true, Version: container.Version);
        around.Trace.Note("scanner", $"scans {lease.Token}", lease, await around.Libraries.ApplyAsync(lease, step, CancellationToken.None));
        await around.Ledger.CommitAsync(lease, [new(collection.Value, Outcome.Done)], CancellationToken.None);
    }

    private static FoundImage Found(Original original) =>
        new(RawName.FromText(original.Name), 0, original.Name, Encoding.UTF8.GetBytes(original.Name), original.Version);

    private static IReadOnlyList<FoundContainer> ContainersOf(Root root, string place) => place.Length > 0 ? [] :
    [
        .. root.Containers.Where(c => c.Key.Length > 0).Select(c => new FoundContainer(
            c.Value.Kind, SourcePath.FromBytes(Encoding.UTF8.GetBytes(c.Key)), c.Key, Encoding.UTF8.GetBytes(c.Key), c.Value.Version, OnlyName: c.Value.Kind == ContainerKind.Directory)),
    ];
}
