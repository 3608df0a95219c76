using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Jobs;

public sealed class UpgradeRetryTests : StoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();

    [Fact]
    public async Task Another_version_tries_again_what_its_predecessor_judged_once_for_all_nodes_and_starts()
    {
        await FailAsync("one", Reason.Corrupt, "v1");
        await FailAsync("two", Reason.Unsupported, "v1");
        Assert.Empty(await StartNodeAsync("v1"));

        var added = await StartNodeAsync("v2");
        Assert.Equal(2, added.Count);
        Assert.All(added, job => Assert.Equal(Handler.Derive, job.Handler));
        foreach (var job in added) Assert.Equal(1, await PlannedAsync(job));
        Assert.Empty(await StartNodeAsync("v2"));
        await EndOpenAsync(Reason.Corrupt, "v2");
        Assert.Empty(await StartNodeAsync("v2"));
        Assert.Equal(2, (await StartNodeAsync("v3")).Count);
    }

    [Fact]
    public async Task What_is_no_decoders_judgement_or_is_ignored_stays()
    {
        await FailAsync("one", Reason.SourceUnreadable, "v1");
        await FailAsync("two", Reason.Corrupt, "v1");
        await Store.Failures.IgnoreAsync(Grants.All, new(Reasons: [Reason.Corrupt]), true, Cancellation);
        Assert.Empty(await StartNodeAsync("v2"));
    }

    [Fact]
    public async Task A_node_without_a_decoder_asks_again_later()
    {
        await FailAsync("one", Reason.Corrupt, "v1");
        var tries = 0;
        var added = await StartNodeAsync("v2", tryAgain: () => ++tries < 3);
        Assert.Single(added);
        Assert.Equal(3, tries);
    }

    private async Task FailAsync(string library, string reason, string decoder)
    {
        await Story.PlanOneBatchAsync(1, library);
        await EndOpenAsync(reason, decoder);
    }

    private async Task EndOpenAsync(string reason, string decoder)
    {
        while (await Story.LeaseAsync() is { } lease)
            await Story.CommitAsync(lease, [.. lease.Items.Select(i => new ItemResult(i.Item, Outcome.Failed, reason, DecoderVersion: decoder))]);
    }

    private async Task<int> PlannedAsync(Job job) => (await Store.Catalog.ToDeriveAsync(job.Scope, null, 10, Cancellation)).Items.Count;

    /// <summary>A node with this decoder, until it has looked. Answers the jobs that are new, which are then planned and left open.</summary>
    private async Task<List<Job>> StartNodeAsync(string version, Func<bool>? tryAgain = null)
    {
        var before = await JobsAsync();
        var asked = new AskedStore(Store.Failures);
        using var signals = new Signals();
        await using var pool = new DecoderPool(
            (_, _, _) => tryAgain?.Invoke() == true ? throw new DecoderUnavailableException("none") : Task.FromResult<IDecoder>(new Decoder(version)), 1, Store.Time);
        using var node = new UpgradeRetry(asked, new(pool), signals, Store.Time, NullLogger<UpgradeRetry>.Instance);
        await node.StartAsync(Cancellation);
        while (!asked.Done.IsCompleted)
        {
            Store.Time.Advance(TimeSpan.FromMinutes(1));
            await Task.WhenAny(asked.Done, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation));
        }
        await node.StopAsync(Cancellation);
        await asked.Done;
        var added = (await JobsAsync()).ExceptBy(before.Select(j => j.Id), j => j.Id).ToList();
        foreach (var job in added)
        {
            var planner = (await Store.Locks.AcquireAsync($"planner/{job.Id}", "planner", TimeSpan.FromMinutes(1), Cancellation))!;
            var page = await Store.Catalog.ToDeriveAsync(job.Scope, null, 10, Cancellation);
            await Store.Batches.AddAsync(new BatchAddition.Plan(job.Id, planner, BatchPlan.Cut(page.Items, job.Class), null, Planned: true), Cancellation);
        }
        return added;
    }

    private async Task<IReadOnlyList<Job>> JobsAsync() => (await Store.Jobs.ListAsync(new(Limit: 200), Cancellation)).Items;

    /// <summary>Tells when the retry was asked for.</summary>
    private sealed class AskedStore(IFailureStore failures) : IFailureStore
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done => _done.Task;

        public async Task<IReadOnlyList<Job>?> RetryAsync(Grants grants, FailureQuery selection, string? idempotencyKey, CancellationToken cancellation)
        {
            var jobs = await failures.RetryAsync(grants, selection, idempotencyKey, cancellation);
            _done.TrySetResult();
            return jobs;
        }

        public Task<IReadOnlyList<FailureGroup>> GroupsAsync(Grants grants, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<Core.Page<JobFailure>> ListAsync(Grants grants, FailureQuery query, string? after, int limit, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<long> IgnoreAsync(Grants grants, FailureQuery.Standing selection, bool ignored, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<Core.Page<DeadBatch>> DeadBatchesAsync(Grants grants, string? after, int limit, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<bool> DropAsync(Grants grants, BatchId batch, CancellationToken cancellation) => throw new NotSupportedException();
    }

    private sealed class Decoder(string version) : IDecoder
    {
        public Hello Hello { get; } = new(Hello.CurrentProtocol, version, [], []);

        public bool Ready => true;

        public bool Reaches(string root) => true;

        public IAsyncEnumerable<Frame> AskAsync(Frame request, DecodeLimits limits, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
