using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Core;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>What the whole store needs done is done by one node at a time, and what one that lost its duty still writes is refused.</summary>
public abstract class DutySpec : StoreSpec
{
    private const string Key = "written";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task One_node_has_it_and_the_next_when_that_one_is_gone()
    {
        var (one, two) = (Open("one"), Open("two"));
        Assert.True(await one.RunAsync(WriteAsync("1"), Cancellation));
        Assert.False(await two.RunAsync(WriteAsync("2"), Cancellation));
        Store.Time.Advance(Life / 2);
        Assert.True(await one.RunAsync(WriteAsync("3"), Cancellation));
        Store.Time.Advance(Life / 2);
        Assert.False(await two.RunAsync(WriteAsync("4"), Cancellation)); // It was renewed meanwhile.
        Store.Time.Advance(Life / 2);
        Assert.True(await two.RunAsync(WriteAsync("5"), Cancellation));
        Assert.False(await one.RunAsync(WriteAsync("6"), Cancellation));
        Assert.Equal("5", await Store.Settings.GetAsync(Key, Cancellation));
    }

    [Fact]
    public async Task One_that_ends_leaves_it_to_the_next_at_once()
    {
        var (one, two) = (Open("one"), Open("two"));
        await one.RunAsync(WriteAsync("1"), Cancellation);
        await one.ReleaseAsync(Cancellation);
        Assert.True(await two.RunAsync(WriteAsync("2"), Cancellation));
    }

    /// <summary>Stopped in the middle of a step, for longer than the lock lasts, and then woken.</summary>
    [Fact]
    public async Task A_node_that_slept_writes_nothing_more()
    {
        var (one, two) = (Open("one"), Open("two"));
        await Assert.ThrowsAsync<DutyLostException>(() => one.RunAsync(
            async cancellation =>
            {
                await WriteAsync("before")(cancellation);
                Store.Time.Advance(Life);
                Assert.True(await OutsideAsync(() => two.RunAsync(WriteAsync("two"), cancellation)));
                return await WriteAsync("too late")(cancellation);
            }, Cancellation));
        Assert.Equal("two", await Store.Settings.GetAsync(Key, Cancellation));
        Assert.False(await one.RunAsync(WriteAsync("one"), Cancellation));
    }

    /// <summary>A lock whose time is over and that nobody took keeps no work from being done.</summary>
    [Fact]
    public async Task A_slow_node_that_nobody_followed_goes_on()
    {
        Assert.True(await Open("one").RunAsync(
            async cancellation =>
            {
                Store.Time.Advance(10 * Life);
                return await WriteAsync("late")(cancellation);
            }, Cancellation));
        Assert.Equal("late", await Store.Settings.GetAsync(Key, Cancellation));
    }

    /// <summary>What a step has set going and left is fenced by something of its own, or by nothing.</summary>
    [Fact]
    public async Task What_goes_on_behind_a_step_is_no_part_of_it()
    {
        var (one, go) = (Open("one"), new TaskCompletionSource());
        var behind = Task.CompletedTask;
        await one.RunAsync(
            _ =>
            {
                behind = BehindAsync();
                return Task.FromResult(true);
            }, Cancellation);
        Store.Time.Advance(Life);
        await Open("two").RunAsync(WriteAsync("two"), Cancellation);
        go.SetResult();
        await behind;
        Assert.Equal("behind", await Store.Settings.GetAsync(Key, Cancellation));

        async Task BehindAsync()
        {
            await go.Task;
            await WriteAsync("behind")(Cancellation);
        }
    }

    [Fact]
    public async Task A_loop_without_its_duty_does_nothing_and_one_with_it_is_asked_no_more_often_than_it_has_to_be()
    {
        var (mine, theirs) = (new Loop(Store), new Loop(Store));
        var rows = await Store.RowsWrittenAsync();
        foreach (var (loop, node) in new[] { (mine, "mine"), (theirs, "theirs") })
            new Duties(Store.Locks, new(), new(new(node), Store.Time, NullLogger<Duty>.Instance)).Give(loop);
        using var stop = new CancellationTokenSource();
        for (var i = 0; i < 10; i++)
        {
            await mine.Duty!.RunAsync(mine.RunOnceAsync, stop.Token);
            await theirs.Duty!.RunAsync(theirs.RunOnceAsync, stop.Token);
        }
        Assert.Equal((10, 0), (mine.Steps, theirs.Steps));
        if (rows is not null) Assert.InRange((await Store.RowsWrittenAsync())!.Value - rows.Value, 1, 4);
    }

    /// <summary>As another node's, whose writes are not within the duty of the caller.</summary>
    private static Task<bool> OutsideAsync(Func<Task<bool>> work)
    {
        using (ExecutionContext.SuppressFlow()) return Task.Run(work, Cancellation);
    }

    private Func<CancellationToken, Task<bool>> WriteAsync(string text) => async cancellation =>
    {
        await Store.Settings.SetAsync(Key, text, cancellation);
        return true;
    };

    private Duty Open(string node) => new("work", Life, Store.Locks, new(new(node), Store.Time, NullLogger<Duty>.Instance));

    private sealed class Loop(Store store) : PeriodicService(TimeSpan.FromSeconds(1), new Pulse(), store.Time, NullLogger.Instance)
    {
        public int Steps { get; private set; }

        protected override Task<bool> StepAsync(CancellationToken cancellation)
        {
            Steps++;
            return Task.FromResult(false);
        }
    }
}
