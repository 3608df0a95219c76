using Microsoft.Extensions.Time.Testing;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Server.Cli;
using Vitrine.Server.Jobs;

namespace Vitrine.Tests.Server;

/// <summary>When an import has waited long enough for what only a person can mend.</summary>
public sealed class HoldWaitTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly HoldWait _wait;

    public HoldWaitTests() => _wait = new(_time);

    [Fact]
    public void A_hold_counts_while_nothing_moves()
    {
        Assert.Equal(0, Look(Job(Handler.Derive, total: 5, done: 1)));
        Assert.Equal(0, Look(Job(Handler.Derive, total: 5, done: 1, Holds.Disk)));
        Assert.Equal(2, Look(Job(Handler.Derive, total: 5, done: 1, Holds.Disk), times: 2));
        Assert.Equal(0, Look(Job(Handler.Derive, total: 5, done: 2, Holds.Disk)));
        Assert.Equal(1, Look(Job(Handler.Derive, total: 5, done: 2, Holds.Disk)));
    }

    [Fact]
    public void A_hold_that_comes_and_goes_adds_up()
    {
        var (held, free) = (Job(Handler.Derive, total: 5, done: 0, Holds.Disk), Job(Handler.Derive, total: 5, done: 0));
        for (var i = 0; i < 10; i++)
        {
            Look(held, times: 4);
            Look(free);
        }
        Assert.Equal(30, Look(free));
    }

    [Fact]
    public void A_derive_job_without_work_keeps_nothing_going_and_one_with_work_does()
    {
        var scan = Job(Handler.Scan, total: 1, done: 0, Holds.Root);
        Assert.Equal(3, Look([scan, Job(Handler.Derive, total: 0, done: 0)], times: 4));
        Assert.Equal(0, Look([scan, Job(Handler.Derive, total: 9, done: 3)], times: 4));
    }

    private double Look(JobShape job, int times = 1) => Look([job], times);

    /// <summary>Looks once a second.</summary>
    private double Look(JobShape[] open, int times = 1)
    {
        var held = TimeSpan.Zero;
        for (var i = 0; i < times; i++)
        {
            _time.Advance(Step);
            held = _wait.Look(open);
        }
        return held.TotalSeconds;
    }

    private static JobShape Job(Handler handler, long total, long done, Holds holds = Holds.None) => JobShape.Of(new(
        new(1), handler, JobStatus.Running, holds, new(new(1), ["thumbnail"]), BatchClass.Normal, null, false, null, total, done, 0, 0, 0, null,
        DateTimeOffset.UnixEpoch, null, null, null, 1), [], PresetSet.BuiltIn);
}
