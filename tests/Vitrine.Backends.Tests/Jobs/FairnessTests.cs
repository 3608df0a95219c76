using System.Collections.Concurrent;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Jobs;

/// <summary>Jobs beside one another, with workers that go on one batch at a time as the test says.</summary>
public sealed class FairnessTests
{
    private const int Workers = 2;
    private static readonly EngineOptions Options = new() { Workers = Workers, IdleSeconds = 1 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_of_one_image_behind_a_large_one_starts_within_one_batch_for_each_worker()
    {
        var gate = new GateHandler();
        await using var engine = await Engine.StartAsync(Options, e => gate.Over(e.Store));
        var large = await engine.AddLibraryAsync("large", 10_000);
        var small = await engine.AddLibraryAsync("small", 2);
        engine.StartWorkers();
        await engine.StartAsync(large);
        // Beyond the covers, with a batch of the large job in the hand of each worker.
        var inHand = new List<BatchClass>();
        while (inHand.Count < Workers || inHand.TakeLast(Workers).Contains(BatchClass.Covers))
        {
            if (inHand.Count >= Workers) gate.GoOn();
            inHand.Add((await gate.NextAsync()).Class);
        }
        var page = await engine.Store.Catalog.ToDeriveAsync(new(small.Id, ["thumbnail"]), null, 10, Cancellation);

        var job = await engine.StartAsync(small, new ImageId(page.Items.Single(item => !item.Cover).Item));
        await engine.UntilAsync(job, j => j.Planned);
        var after = new List<JobId?>();
        for (var i = 0; i < Workers; i++)
        {
            gate.GoOn();
            after.Add((await gate.NextAsync()).Job);
        }
        gate.OpenForGood();
        Assert.Contains(job.Id, after);
    }

    [Fact]
    public async Task Another_priority_takes_effect_within_one_window()
    {
        var gate = new GateHandler();
        await using var engine = await Engine.StartAsync(Options, e => gate.Over(e.Store));
        var (first, second) = (await engine.AddLibraryAsync("first", 5_000), await engine.AddLibraryAsync("second", 5_000));
        engine.StartWorkers();
        var (later, sooner) = (await engine.StartAsync(first), await engine.StartAsync(second));
        for (var i = 0; i < Workers; i++) await gate.NextAsync();
        await engine.UntilAsync(later, j => j.Planned);
        await engine.UntilAsync(sooner, j => j.Planned);

        Assert.True(await engine.Store.Jobs.ControlAsync(later.Id, new JobCommand.Prioritise(BatchClass.Low), Cancellation));
        var window = Options.WindowPerWorker * Workers;
        var leased = new List<JobId?>();
        while (leased.Count < 4 * window)
        {
            gate.GoOn();
            // Covers stay covers.
            if (await gate.NextAsync() is { Class: not BatchClass.Covers } lease) leased.Add(lease.Job);
        }
        gate.OpenForGood();
        Assert.InRange(leased.Count(job => job == later.Id), 0, window);
        foreach (var job in new[] { later, sooner }) await engine.Store.Jobs.ControlAsync(job.Id, new JobCommand.Cancel(), Cancellation);
    }

    /// <summary>Holds each batch until it may go on; then commits it.</summary>
    private sealed class GateHandler : IBatchHandler
    {
        private readonly SemaphoreSlim _mayGo = new(0);
        private readonly BlockingCollection<Lease> _begun = [];
        private Bookkeeper _work = null!;
        private volatile bool _open;

        public GateHandler Over(Stores store)
        {
            _work = new Bookkeeper(store, new(store));
            return this;
        }

        public async Task RunAsync(HeldLease held, DecoderLane lane)
        {
            _begun.Add(held.Lease, CancellationToken.None);
            if (!_open) await _mayGo.WaitAsync(held.Lost);
            await _work.RunAsync(held, lane);
        }

        public void GoOn() => _mayGo.Release();

        public void OpenForGood()
        {
            _open = true;
            _mayGo.Release(Workers);
        }

        /// <summary>The next batch that a worker began.</summary>
        public Task<Lease> NextAsync() => Task.Run(() => _begun.Take(Cancellation), Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }
}
