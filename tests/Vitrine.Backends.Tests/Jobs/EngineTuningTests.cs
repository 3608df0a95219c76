using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Jobs;

public sealed class EngineTuningTests : StoreSpec
{
    private readonly List<IDisposable> _open = [];

    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();

    public override async ValueTask DisposeAsync()
    {
        foreach (var part in _open) part.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task What_is_set_on_one_node_holds_on_another_within_seconds_and_after_a_start()
    {
        var (one, other) = (Open(out var here), Open(out var there));
        await other.StartAsync(Cancellation);
        Assert.IsType<TuningAnswer.Set>(await one.ChangeAsync(new(Workers: 7, Windows: ["22:00-06:00"]), [], Cancellation));
        Assert.Equal((7, "22:00-06:00"), (here.Current.WorkerCount, here.Current.WorkWindows));
        for (var looks = 0; there.Current.WorkerCount != 7; looks++)
        {
            Assert.True(looks < 200, "The other node did not see it.");
            Store.Time.Advance(TimeSpan.FromSeconds(2));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancellation);
        }
        await other.StopAsync(Cancellation);

        var started = Open(out var later);
        await started.StartAsync(Cancellation);
        Assert.Equal((7, "22:00-06:00"), (later.Current.WorkerCount, later.Current.WorkWindows));
        await started.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_change_leaves_what_it_does_not_name_and_a_reset_leaves_nothing_behind()
    {
        var tuning = Open(out var live);
        await tuning.ChangeAsync(new(Workers: 7), [], Cancellation);
        await tuning.ChangeAsync(new(Nice: 3), [], Cancellation);
        Assert.Equal((7, 3), (live.Current.WorkerCount, live.Current.Nice));
        await tuning.ChangeAsync(new(Nice: 4), ["workers"], Cancellation);
        Assert.Equal((2, 4), (live.Current.WorkerCount, live.Current.Nice));
        await tuning.ChangeAsync(new(), ["nice"], Cancellation);
        Assert.Null(await Store.Settings.GetAsync("engine", Cancellation));
    }

    [Fact]
    public async Task What_is_wrong_is_named_and_nothing_is_written()
    {
        var tuning = Open(out _);
        Assert.Equal(nameof(EngineOptions.Workers), await RefusedAsync(tuning, new(Workers: 1000, Nice: 3)));
        Assert.Equal(nameof(EngineOptions.WorkWindows), await RefusedAsync(tuning, new(Windows: ["night"])));
        Assert.Equal(nameof(EngineOptions.TimeZone), await RefusedAsync(tuning, new(TimeZone: "Europe/Atlantis")));
        Assert.Null(await RefusedAsync(tuning, new(), "leaseSeconds"));
        Assert.Null(await Store.Settings.GetAsync("engine", Cancellation));
    }

    [Fact]
    public async Task Of_many_changes_at_once_none_undoes_another()
    {
        var nodes = Enumerable.Range(0, 8).Select(_ => Open(out var _)).ToList();
        var changes = new TuningValues[] { new(Workers: 7), new(Nice: 3), new(YieldSeconds: 9), new(YieldWhileViewing: true) };
        var answers = await Task.WhenAll(nodes.Select((node, i) => node.ChangeAsync(changes[i % changes.Length], [], Cancellation)));
        var expected = changes.Where((_, i) => answers.Where((answer, n) => n % changes.Length == i && answer is TuningAnswer.Set).Any()).Aggregate(new TuningValues(), (all, one) => all.With(one));
        Assert.Contains(answers, answer => answer is TuningAnswer.Set);
        Assert.All(answers, answer => Assert.True(answer is TuningAnswer.Set or TuningAnswer.Busy));
        var last = Open(out var live);
        await last.StartAsync(Cancellation);
        Assert.Equal(expected, live.Stored);
        await last.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Settings_that_cannot_be_used_leave_the_node_as_it_is()
    {
        foreach (var text in new[] { "{", "{\"Workers\":100000}", "[]" })
        {
            await Store.Settings.SetAsync("engine", text, Cancellation);
            var tuning = Open(out var live);
            await tuning.StartAsync(Cancellation);
            Assert.Equal(2, live.Current.WorkerCount);
            await tuning.StopAsync(Cancellation);
        }
    }

    private static async Task<string?> RefusedAsync(EngineTuning tuning, TuningValues change, params string[] reset) =>
        Assert.IsType<TuningAnswer.Refused>(await tuning.ChangeAsync(change, reset, Cancellation)).Option;

    private EngineTuning Open(out LiveOptions live)
    {
        live = new(new() { Workers = 2 });
        var tuning = new EngineTuning(Store.Settings, Store.Locks, live, Store.Time, NullLogger<EngineTuning>.Instance);
        _open.AddRange([tuning, live]);
        return tuning;
    }
}
