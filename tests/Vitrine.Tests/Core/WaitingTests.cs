using Vitrine.Core.Jobs;

namespace Vitrine.Tests.Core;

public sealed class WaitingTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = Now.AddMinutes(5);
    private static readonly JobWork Ready = new(Leased: false, Ready: true, Later);
    private static readonly EngineState Working = new(LiveWorkers: 2, Yielding: false, OpensAt: null);

    [Theory]
    [InlineData(JobStatus.Completed)]
    [InlineData(JobStatus.Failed)]
    [InlineData(JobStatus.Cancelled)]
    public void A_job_that_is_over_waits_for_nothing(JobStatus status) => Assert.Empty(Waiting.For(Job(Ready, Holds.User, status), Working));

    [Fact]
    public void A_job_that_is_worked_on_waits_for_nothing_but_its_holds()
    {
        var leased = Ready with { Leased = true };
        Assert.Empty(Waiting.For(Job(leased), Working));
        Assert.Equal([new Wait("paused")], Waiting.For(Job(leased, Holds.User), Working));
    }

    [Fact]
    public void Every_hold_is_said_and_a_window_says_when_it_opens()
    {
        var all = Enum.GetValues<Holds>().Aggregate((one, other) => one | other);
        var waits = Waiting.For(Job(Ready, all), Working with { OpensAt = Later, LiveWorkers = 0 });
        Assert.Equal([new Wait("paused"), new("window", Later), new("library-offline"), new("folder"), new("disk")], waits);
    }

    [Fact]
    public void Without_a_hold_there_is_one_reason()
    {
        Assert.Equal([new Wait("queued")], Waiting.For(Job(Ready), Working));
        Assert.Equal([new Wait("yielding")], Waiting.For(Job(Ready), Working with { Yielding = true }));
        Assert.Equal([new Wait("no-workers")], Waiting.For(Job(Ready), Working with { LiveWorkers = 0 }));
        Assert.Equal([new Wait("retry-later", Later)], Waiting.For(Job(Ready with { Ready = false }), Working));
        Assert.Equal([new Wait("planning")], Waiting.For(Job(new(false, false, null), planned: false), Working));
        Assert.Equal([new Wait("queued")], Waiting.For(Job(new(false, false, null)), Working));
        Assert.Equal([new Wait("queued")], Waiting.For(Job(Ready, planned: false), Working));
    }

    private static Job Job(JobWork work, Holds holds = Holds.None, JobStatus status = JobStatus.Running, bool planned = true) => new(
        new(1), Handler.Derive, status, holds, new(new(1), ["thumbnail"]), BatchClass.Normal, null, planned, null, 10, 1, 0, 0, 0, null,
        Now, Now, null, Now, 1, Work: work);
}
