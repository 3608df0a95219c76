using Microsoft.Extensions.Time.Testing;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;

namespace Vitrine.Tests.Core;

public sealed class TuningTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Values_lie_over_those_of_the_file_until_they_are_reset()
    {
        using var live = new LiveOptions(new() { Workers = 3, WorkWindows = "01:00-02:00" });
        Assert.True(live.Set(new(Workers: 5, Windows: [])));
        Assert.Equal((5, "", 10), (live.Current.WorkerCount, live.Current.WorkWindows, live.Current.Nice));
        Assert.True(live.Set(live.Stored.Without("WORKERS")!));
        Assert.Equal((3, ""), (live.Current.WorkerCount, live.Current.WorkWindows));
        Assert.Null(live.Stored.Without("leaseSeconds"));
    }

    [Theory]
    [InlineData("workers")]
    [InlineData("nice")]
    [InlineData("yieldWhileViewing")]
    [InlineData("yieldSeconds")]
    [InlineData("yieldAtMostSeconds")]
    [InlineData("windows")]
    [InlineData("timeZone")]
    public void Every_value_is_set_and_reset_by_its_name(string name)
    {
        var all = new TuningValues(4, 5, true, 6, 7, ["22:00-06:00"], "Europe/Berlin");
        Assert.Equal(all, new TuningValues().With(all));
        Assert.Equal(all, all.With(new()));
        var without = all.Without(name)!;
        Assert.NotEqual(all.Over(new()), without.Over(new()));
        Assert.Equal(all.Over(new()), without.With(all).Over(new()));
    }

    [Fact]
    public void Values_that_cannot_be_used_change_nothing()
    {
        using var live = new LiveOptions(new());
        foreach (var bad in new TuningValues[] { new(Workers: 257), new(Nice: -1), new(YieldAtMostSeconds: 0), new(Windows: ["night"]), new(TimeZone: "Europe/Atlantis") })
        {
            Assert.False(live.Set(bad));
            Assert.Equal(new(), live.Stored);
        }
    }

    [Fact]
    public void Work_yields_while_somebody_looks_and_never_for_ever()
    {
        var options = new EngineOptions { YieldWhileViewing = true, YieldSeconds = 5, YieldAtMostSeconds = 120 };
        var (none, four, five) = (TimeSpan.Zero, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5));
        Assert.True(YieldRule.MustWait(options, none, none));
        Assert.True(YieldRule.MustWait(options, four, none));
        Assert.False(YieldRule.MustWait(options, five, none));
        Assert.False(YieldRule.MustWait(options, null, none));
        Assert.True(YieldRule.MustWait(options, none, TimeSpan.FromSeconds(119)));
        Assert.False(YieldRule.MustWait(options, none, TimeSpan.FromSeconds(120)));
        Assert.False(YieldRule.MustWait(options with { YieldWhileViewing = false }, none, none));
    }

    [Fact]
    public async Task A_gate_opens_when_nobody_has_looked_for_a_while()
    {
        var time = new FakeTimeProvider();
        using var live = new LiveOptions(new() { YieldWhileViewing = true });
        using var reach = new Reach();
        var (viewing, force) = (new Viewing(time), new Workforce());
        var gate = new WorkGate(live, viewing, force, reach, time);
        Assert.True(gate.PassAsync(Cancellation).IsCompleted);

        viewing.Begin();
        var passing = gate.PassAsync(Cancellation);
        Assert.False(passing.IsCompleted);
        Assert.Equal(1, force.Yielding);
        viewing.End();
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(passing.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await passing.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        Assert.Equal(0, force.Yielding);
    }

    [Fact]
    public async Task A_pool_of_decoders_grows_at_once_and_shrinks_as_they_come_back()
    {
        await using var pool = new DecoderPool(new FakeDecoders().StartAsync, 2, TimeProvider.System);
        var (one, two) = (await RentAsync(pool), await RentAsync(pool));
        var waiting = RentAsync(pool);
        Assert.False(waiting.IsCompleted);
        pool.Resize(3);
        var three = await waiting.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        pool.Resize(1);
        waiting = RentAsync(pool);
        await one.DisposeAsync();
        await two.DisposeAsync();
        Assert.False(waiting.IsCompleted);
        await three.DisposeAsync();
        await using var last = await waiting.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        Assert.False(RentAsync(pool).IsCompleted);
    }

    [Fact]
    public async Task After_a_renewal_no_former_decoder_is_used_again()
    {
        await using var pool = new DecoderPool(new FakeDecoders().StartAsync, 2, TimeProvider.System);
        var former = await RentAsync(pool);
        var other = await RentAsync(pool);
        HashSet<IDecoder> old = [former.Decoder, other.Decoder];
        await other.DisposeAsync();
        pool.Renew();
        await former.DisposeAsync();
        await using var next = await RentAsync(pool);
        await using var after = await RentAsync(pool);
        Assert.DoesNotContain(next.Decoder, old);
        Assert.DoesNotContain(after.Decoder, old);
    }

    [Fact]
    public async Task A_decoder_that_may_not_read_a_new_root_is_replaced_by_one_that_is_started_for_it()
    {
        var decoders = new FakeDecoders();
        await using var pool = new DecoderPool(decoders.StartAsync, 1, TimeProvider.System);
        await (await pool.RentAsync(DecoderLane.Work, "/one", Cancellation)).DisposeAsync();
        await (await pool.RentAsync(DecoderLane.Work, "/one", Cancellation)).DisposeAsync();
        Assert.Equal((1, 0), (decoders.Started, decoders.Ended));
        decoders.OutOfReach.Add("/two");
        await (await pool.RentAsync(DecoderLane.Work, null, Cancellation)).DisposeAsync();
        await (await pool.RentAsync(DecoderLane.Work, "/two", Cancellation)).DisposeAsync();
        Assert.Equal((2, 1), (decoders.Started, decoders.Ended));
        Assert.Equal(["/one", "/two"], decoders.Roots);
    }

    private static Task<DecoderRental> RentAsync(DecoderPool pool) => pool.RentAsync(DecoderLane.Work, null, Cancellation);
}
