using System.Diagnostics;
using System.Globalization;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>What an item costs beside its decode: found by a scan, leased and committed with two derivatives. Measured by bench/bookkeeping alone.</summary>
public abstract class BookkeepingSpec : StoreSpec
{
    private const int Directories = 64;
    private const int Images = 128;

    [Theory]
    [InlineData(64)]
    [InlineData(8)]
    [InlineData(2)]
    public async Task An_item_costs_microseconds(int group)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("VITRINE_LONG") == "1", "It measures: bench/bookkeeping.");
        var folder = await Story.AddFolderAsync();
        var tree = Enumerable.Range(0, Directories).Aggregate(new Tree(), (tree, i) => tree.With($"d{i:D3}", Story.PicturesOfSizes(1_000_000 + (i * Images), Images)));
        await Story.ScanAsync(await Story.AddLibraryAsync("warm"), new Tree().With("sub", Story.Pictures(Images)));
        await Story.DeriveAllAsync(folder);

        Job derive = null!;
        Report("scan", group, await MeasureAsync(async () => derive = await Story.ScanAsync(await Story.AddLibraryAsync(), tree)));
        var leasing = default(Cost);
        var committing = default(Cost);
        while (true)
        {
            Lease? lease = null;
            leasing += await MeasureAsync(async () => lease = await Story.LeaseAsync());
            if (lease is null) break;
            foreach (var items in lease.Items.Chunk(group))
            {
                ItemResult[] results = [.. items.Select(item => Story.Done(lease, item, folder))];
                committing += await MeasureAsync(() => Story.CommitAsync(lease, results));
            }
        }
        Report("lease", group, leasing);
        Report("commit", group, committing);
        Assert.Equal(Directories * Images, (await Story.JobAsync(derive)).Completed);
        await Story.AuditAsync();
    }

    private void Report(string step, int group, Cost cost) => TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{GetType().Name}, groups of {group}: {step} {cost.Wall.TotalMicroseconds / (Directories * Images):0.0} us an item, {cost.Processor.TotalMicroseconds / (Directories * Images):0.0} us of this process"));

    private static async Task<Cost> MeasureAsync(Func<Task> step)
    {
        using var process = Process.GetCurrentProcess();
        var (processor, started) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        await step();
        process.Refresh();
        return new(Stopwatch.GetElapsedTime(started), process.TotalProcessorTime - processor);
    }

    private readonly record struct Cost(TimeSpan Wall, TimeSpan Processor)
    {
        public static Cost operator +(Cost one, Cost other) => new(one.Wall + other.Wall, one.Processor + other.Processor);
    }
}
