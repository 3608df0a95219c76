using System.Diagnostics;
using System.Globalization;
using Vitrine.Backends.Sql.Sqlite;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Jobs;

/// <summary>A job far larger than its queue: everything is done, and neither memory nor the cost of an event grows with it (R30).</summary>
[Collection(nameof(Alone))]
public sealed class LargeJobTests(ITestOutputHelper output)
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("VITRINE_LONG") == "1";
    private static readonly int Images = IsLong ? 1_000_000 : 60_000;

    [Fact]
    public async Task A_job_far_larger_than_its_queue_is_done_whole_with_level_memory_and_level_cost()
    {
        var options = new EngineOptions { Workers = 2, QueueLength = 200, WindowPerWorker = 200, LeaseSeconds = 60 };
        await using var engine = await Engine.StartAsync(options, e => new Bookkeeper(e.Store, new(e.Store)));
        var library = await engine.AddLibraryAsync("large", Images);
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        engine.StartWorkers();
        var job = await engine.StartAsync(library);

        var early = await SampleAsync(engine, job, 0.1);
        var late = await SampleAsync(engine, job, 0.9);
        job = await engine.UntilAsync(job, j => j.IsOver);

        process.Refresh();
        var cost = (process.TotalProcessorTime - before) / Images;
        Print($"{Images} items: {cost.TotalMicroseconds:0} us of processor time an item; refused offers {engine.Telemetry.QueueRejections.Value}");
        Print($"memory {early.Memory >> 20} MiB at 10%, {late.Memory >> 20} MiB at 90%; pages read an item {early.Pages:0.0} and {late.Pages:0.0}");
        Assert.Equal((JobStatus.Completed, Images, Images), (job.Status, job.Total, job.Completed));
        Assert.True(engine.Telemetry.QueueRejections.Value > 0, "The queue was never full.");
        Assert.Empty((await engine.Store.Ledger.AuditAsync(TestContext.Current.CancellationToken)).Differences);
        Assert.True(late.Memory <= 1.1 * early.Memory, $"Memory grew from {early.Memory} to {late.Memory} bytes.");
        // A tree of twice the depth is what ten times as many rows may cost, not more.
        Assert.True(late.Pages <= 1.5 * early.Pages, $"An item read {early.Pages:0.0} pages at 10% and {late.Pages:0.0} at 90%.");
    }

    /// <summary>Memory at this share of the job, and the pages that an item costs from there on for a twentieth of it.</summary>
    private static async Task<Sample> SampleAsync(Engine engine, Job job, double share)
    {
        var at = await engine.UntilAsync(job, j => j.Planned && j.Accounted >= share * Images);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var memory = Resident();
        var database = (SqliteDatabase)engine.Store.Database;
        var pages = await database.PagesReadAsync();
        var then = await engine.UntilAsync(job, j => j.Accounted >= at.Accounted + (0.05 * Images));
        return new(memory, (await database.PagesReadAsync() - pages) / (double)(then.Accounted - at.Accounted));
    }

    /// <summary>Resident memory of this process that no file backs, in bytes: the mapped database is not memory.</summary>
    private static long Resident() => 1024 * File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith("RssAnon:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)).Single();

    private void Print(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    private sealed record Sample(long Memory, double Pages);
}

/// <summary>What measures the whole process runs with nothing beside it.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
