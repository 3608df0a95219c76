using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Schedules;

namespace Vitrine.Backends.Tests.Schedules;

public sealed class SchedulerTests : StoreSpec
{
    private readonly Signals _signals = new();
    private readonly List<Scheduler> _schedulers = [];
    private Func<ScheduleKind, Task<ActEnd>> _act = kind => Task.FromResult(new ActEnd(ScheduleEnd.Done, kind.ToString()));
    private int _acts;

    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();

    public override async ValueTask DisposeAsync()
    {
        foreach (var scheduler in _schedulers) scheduler.Dispose();
        _signals.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Two_schedulers_at_once_fire_a_time_once()
    {
        var library = await Story.AddLibraryAsync();
        await AddAsync(ScheduleKind.Scan, "0 * * * *", library.Id);
        await AddAsync(ScheduleKind.Verify, "0 * * * *");
        Scheduler[] both = [Open("one"), Open("two")];
        for (var hour = 1; hour <= 5; hour++)
        {
            Store.Time.Advance(TimeSpan.FromHours(1));
            await Task.WhenAll(both.Select(scheduler => scheduler.LookAsync(Cancellation)));
            await WaitForActsAsync(both, hour);
            Assert.Equal(hour, (await ScansAsync()).Count);
            await CancelScansAsync();
        }
        Assert.Equal(5, _acts);
    }

    /// <summary>Two that both think they are the one: without its lock, the key of the job and the compare-and-set are left.</summary>
    [Fact]
    public async Task A_scheduler_that_lost_its_lock_in_the_middle_adds_no_second_job()
    {
        var library = await Story.AddLibraryAsync();
        await AddAsync(ScheduleKind.Scan, "0 * * * *", library.Id);
        Store.Time.Advance(TimeSpan.FromHours(1));
        var acts = new SchedulerActs(Store.Libraries, Store.Jobs, (_, _) => throw new InvalidOperationException());
        var due = (await ListAsync())[0].NextAt!.Value;
        var key = $"schedule/1/{due.ToUnixTimeMilliseconds()}";
        var dead = (await acts.ScanAsync(library.Id, ScanMode.Changed, key, Cancellation))!; // Died before it moved the row.

        await Open("two").LookAsync(Cancellation);
        Assert.Equal(dead.Id, Assert.Single(await ScansAsync()).Id);
        Assert.Equal((due, dead.Id), ((await ListAsync())[0].LastRun!.DueAt, (await ListAsync())[0].LastRun!.Job));
    }

    [Fact]
    public async Task After_eight_hours_off_a_missed_time_fires_once()
    {
        var library = await Story.AddLibraryAsync();
        await AddAsync(ScheduleKind.Scan, "*/10 * * * *", library.Id);
        var first = Store.Time.GetUtcNow().AddMinutes(10);
        Store.Time.Advance(TimeSpan.FromHours(8) + TimeSpan.FromMinutes(3));
        var scheduler = Open("one");
        for (var look = 0; look < 3; look++)
        {
            await scheduler.LookAsync(Cancellation);
            await CancelScansAsync();
        }
        Assert.Single(await ScansAsync());
        var schedule = (await ListAsync())[0];
        Assert.Equal((first, Store.Time.GetUtcNow().AddMinutes(7)), (schedule.LastRun!.DueAt, schedule.NextAt));
    }

    [Fact]
    public async Task A_scan_that_goes_on_is_not_doubled_by_its_next_time()
    {
        var library = await Story.AddLibraryAsync();
        await AddAsync(ScheduleKind.Scan, "0 * * * *", library.Id);
        var scheduler = Open("one");
        await AdvanceAsync(scheduler, TimeSpan.FromHours(1));
        var lease = await Story.MustLeaseAsync(); // It has started, and goes on for hours.
        await AdvanceAsync(scheduler, TimeSpan.FromHours(1));
        await AdvanceAsync(scheduler, TimeSpan.FromHours(1));
        Assert.Equal(lease.Job, Assert.Single(await ScansAsync()).Id);
        await CancelScansAsync();
        await AdvanceAsync(scheduler, TimeSpan.FromHours(1));
        Assert.Equal(2, (await ScansAsync()).Count);
    }

    [Fact]
    public async Task A_run_of_a_node_that_died_is_interrupted_and_comes_again_at_its_next_time()
    {
        await AddAsync(ScheduleKind.Verify, "0 * * * *");
        var never = new TaskCompletionSource<ActEnd>();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _act = _ =>
        {
            begun.SetResult();
            return never.Task;
        };
        await AdvanceAsync(Open("dead"), TimeSpan.FromHours(1));
        await begun.Task.WaitAsync(Cancellation); // It runs beside the look that begins it.

        _act = _ => Task.FromResult(new ActEnd(ScheduleEnd.Done, "sound"));
        var next = Open("next");
        await AdvanceAsync(next, TimeSpan.FromSeconds(50)); // The dead one's lock stands.
        Assert.Equal(ScheduleEnd.Running, (await ListAsync())[0].LastRun!.End);
        await AdvanceAsync(next, TimeSpan.FromSeconds(10));
        Assert.Equal(ScheduleEnd.Interrupted, (await ListAsync())[0].LastRun!.End);
        Assert.Equal(1, _acts);

        await AdvanceAsync(next, TimeSpan.FromHours(1));
        await WaitForActsAsync([next], 2);
        Assert.Equal((ScheduleEnd.Done, "sound"), ((await ListAsync())[0].LastRun!.End, (await ListAsync())[0].LastRun!.Message));
    }

    [Fact]
    public async Task An_act_that_throws_is_failed_with_its_message_and_the_scheduler_goes_on()
    {
        await AddAsync(ScheduleKind.Clean, "0 * * * *");
        _act = _ => throw new IOException("no such disk");
        var scheduler = Open("one");
        await AdvanceAsync(scheduler, TimeSpan.FromHours(1));
        await WaitForActsAsync([scheduler], 1);
        Assert.Equal((ScheduleEnd.Failed, "no such disk"), ((await ListAsync())[0].LastRun!.End, (await ListAsync())[0].LastRun!.Message));
    }

    [Fact]
    public async Task A_clock_that_was_wrong_for_a_while_neither_doubles_nor_loses_times()
    {
        var library = await Story.AddLibraryAsync();
        await AddAsync(ScheduleKind.Scan, "0 * * * *", library.Id);
        var scheduler = Open("one");
        await AdvanceAsync(scheduler, TimeSpan.FromHours(1)); // 13:00
        await CancelScansAsync();
        var due = (await ListAsync())[0].LastRun!.DueAt;

        Store.Time.AdjustTime(due.AddYears(4)); // Fires 14:00, late, and waits for a time in four years.
        await scheduler.LookAsync(Cancellation);
        await CancelScansAsync();
        Store.Time.AdjustTime(due.AddMinutes(-30)); // 12:30: 13:00 and 14:00 have had their runs.
        Store.Time.Advance(TimeSpan.FromMinutes(1));
        await scheduler.LookAsync(Cancellation);
        Assert.Equal(due.AddHours(2), (await ListAsync())[0].NextAt);
        await AdvanceAsync(scheduler, TimeSpan.FromHours(2));
        Assert.Equal(2, (await ScansAsync()).Count);
        await AdvanceAsync(scheduler, TimeSpan.FromMinutes(30));
        Assert.Equal(3, (await ScansAsync()).Count);
    }

    private Scheduler Open(string node)
    {
        var acts = new SchedulerActs(Store.Libraries, Store.Jobs, (kind, _) =>
        {
            Interlocked.Increment(ref _acts);
            return _act(kind);
        });
        var scheduler = new Scheduler(Store.Schedules, acts, Store.Locks, new(new(node), _signals, Store.Time, NullLogger<Scheduler>.Instance));
        _schedulers.Add(scheduler);
        return scheduler;
    }

    private async Task AddAsync(ScheduleKind kind, string cron, LibraryId? library = null)
    {
        var wanted = new NewSchedule(kind, library, cron, "UTC", true);
        Assert.NotNull(await Store.Schedules.AddAsync(wanted, DueRule.NextAt(wanted, null, Store.Time.GetUtcNow()), Cancellation));
    }

    private async Task AdvanceAsync(Scheduler scheduler, TimeSpan by)
    {
        Store.Time.Advance(by);
        await scheduler.LookAsync(Cancellation);
    }

    /// <summary>Acts run beside the look that begins them; the look after their end writes it.</summary>
    private async Task WaitForActsAsync(IReadOnlyList<Scheduler> schedulers, int count)
    {
        for (var looks = 0; Volatile.Read(ref _acts) < count || (await ListAsync()).Any(s => s.LastRun is { End: ScheduleEnd.Running, Job: null }); looks++)
        {
            Assert.True(looks < 1000, "The act did not end.");
            foreach (var scheduler in schedulers) await scheduler.LookAsync(Cancellation);
            await Task.Yield();
        }
    }

    private Task<IReadOnlyList<Schedule>> ListAsync() => Store.Schedules.ListAsync(Cancellation);

    private async Task<IReadOnlyList<Job>> ScansAsync() => (await Store.Jobs.ListAsync(new(Handler.Scan), Cancellation)).Items;

    private async Task CancelScansAsync()
    {
        foreach (var scan in await ScansAsync()) await Store.Jobs.ControlAsync(scan.Id, new JobCommand.Cancel(), Cancellation);
    }
}
