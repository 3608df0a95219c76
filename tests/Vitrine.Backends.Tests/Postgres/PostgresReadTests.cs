using Vitrine.Backends.Sql;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Postgres;

/// <summary>
/// How many rows the server reads, as it counts them. Its planner chooses by what it last heard of sizes, which of a job that has just begun is nothing: no choice
/// may read all of a job where a batch was asked for.
/// </summary>
public sealed class PostgresReadTests : StoreSpec
{
    private const int Few = 256;
    private const int Many = 4096;

    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();

    [Fact]
    public async Task A_lease_and_its_commit_read_as_many_rows_of_a_large_job_as_of_a_small_one()
    {
        var folder = await Story.AddFolderAsync();
        var (small, large) = (await OfJobAsync(Few), await OfJobAsync(Many));
        Assert.InRange(large, 1, 2 * small);

        async Task<long> OfJobAsync(int images)
        {
            await Story.ScanAsync(await Story.AddLibraryAsync($"of {images}"), new Tree().With("sub", Story.PicturesOfSizes(images, images)));
            Lease lease;
            do
            {
                await BeginAsync();
                lease = await Story.MustLeaseAsync();
                await Story.CommitAsync(lease, [.. lease.Items.Select(item => Story.Done(lease, item, folder))]);
            }
            while (lease.Items.Count < 32);
            var reads = await ReadsAsync();
            await Story.DeriveAllAsync(folder);
            return reads;
        }
    }

    [Fact]
    public async Task A_planners_step_reads_as_many_rows_of_a_large_job_as_of_a_small_one()
    {
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("a", Story.Pictures(Few)).With("b", Story.Pictures(Many)));
        var scope = (await Store.Jobs.ListAsync(new(Handler.Derive), Cancellation)).Items.Single().Scope;
        var small = await OfStepAsync(1);
        Assert.InRange(await OfStepAsync(Many / Few), 1, 2 * small);

        // Of a job that has so many steps behind it.
        async Task<long> OfStepAsync(int steps)
        {
            var job = (await Store.Jobs.AddAsync(new(Handler.Derive, scope), Cancellation))!;
            var planner = (await Store.Locks.AcquireAsync($"plan {job.Id}", "planner", TimeSpan.FromMinutes(1), Cancellation))!;
            string? after = null;
            for (var step = 0; step <= steps; step++)
            {
                var page = await Store.Catalog.ToDeriveAsync(scope, after, Few, Cancellation);
                after = page.Next;
                await BeginAsync();
                await Store.Batches.AddAsync(
                    new BatchAddition.Plan(job.Id, planner, [.. page.Items.Chunk(8).Select(items => new NewBatch(items[0].Collection, BatchClass.Normal, [.. items.Select(item => item.Item)]))], after, Planned: false), Cancellation);
            }
            return await ReadsAsync();
        }
    }

    /// <summary>What the writer's connection has read until now counts no more.</summary>
    private Task<long> BeginAsync() => AskAsync("SELECT 1 FROM (SELECT pg_stat_force_next_flush()) AS flushed");

    private Task<long> ReadsAsync() => AskAsync("SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_xact_user_tables");

    private Task<long> AskAsync(string sql) => ((SqlStore)Store).Stores.Database.WriteAsync(Lane.Bulk, session => session.Number(sql)!.Value, Cancellation);
}
