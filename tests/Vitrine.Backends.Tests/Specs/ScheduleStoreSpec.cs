using Vitrine.Core.Jobs;
using Vitrine.Core.Schedules;

namespace Vitrine.Backends.Tests.Specs;

public abstract class ScheduleStoreSpec : StoreSpec
{
    private DateTimeOffset Now => Store.Time.GetUtcNow();

    [Fact]
    public async Task What_was_added_is_listed_changed_and_removed()
    {
        var library = await Story.AddLibraryAsync();
        var scan = new NewSchedule(ScheduleKind.Scan, library.Id, "0 3 * * *", "Europe/Berlin", true);
        var added = (await Store.Schedules.AddAsync(scan, Now.AddHours(1), Cancellation))!;
        Assert.Equal(new Schedule(added.Id, ScheduleKind.Scan, library.Id, "0 3 * * *", "Europe/Berlin", true, Now, Now.AddHours(1), null), added);
        var verify = (await Store.Schedules.AddAsync(new(ScheduleKind.Verify, null, "0 4 * * sun", "UTC", false), null, Cancellation))!;
        Assert.Equal([added, verify], await Store.Schedules.ListAsync(Cancellation));

        Assert.True(await Store.Schedules.ChangeAsync(added.Id, scan with { Cron = "5 5 * * *", TimeZone = "UTC", Enabled = false }, null, Cancellation));
        Assert.Equal(added with { Cron = "5 5 * * *", TimeZone = "UTC", Enabled = false, NextAt = null }, await GetAsync(added.Id));
        Assert.True(await Store.Schedules.RemoveAsync(added.Id, Cancellation));
        Assert.False(await Store.Schedules.RemoveAsync(added.Id, Cancellation));
        Assert.False(await Store.Schedules.ChangeAsync(added.Id, scan, null, Cancellation));
        Assert.Equal([verify], await Store.Schedules.ListAsync(Cancellation));
    }

    [Fact]
    public async Task A_schedule_belongs_to_a_library_that_is_there_and_goes_with_it()
    {
        Assert.Null(await Store.Schedules.AddAsync(new(ScheduleKind.Scan, new(99), "0 3 * * *", "UTC", true), Now, Cancellation));
        var library = await Story.AddLibraryAsync();
        await Store.Schedules.AddAsync(new(ScheduleKind.Scan, library.Id, "0 3 * * *", "UTC", true), Now, Cancellation);
        await Store.Libraries.RemoveAsync(library.Id, Cancellation);
        Assert.Empty(await Store.Schedules.ListAsync(Cancellation));
    }

    [Fact]
    public async Task Their_number_is_bounded()
    {
        for (var count = 0; count < ScheduleService.MaxSchedules; count++) Assert.NotNull(await AddVerifyAsync(Now));
        Assert.Null(await AddVerifyAsync(Now));
    }

    [Fact]
    public async Task Of_many_who_see_a_time_due_one_fires_it()
    {
        var schedule = (await AddVerifyAsync(Now))!;
        var fire = new ScheduleStep.Fire(Now, Now.AddHours(1), null);
        var fired = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Store.Schedules.ApplyAsync(schedule.Id, fire, Cancellation)));
        Assert.Single(fired, one => one);
        Assert.Equal(schedule with { NextAt = Now.AddHours(1), LastRun = new(Now, Now, ScheduleEnd.Running, null, null) }, await GetAsync(schedule.Id));
    }

    [Fact]
    public async Task A_disabled_schedule_does_not_fire_and_a_moved_one_not_for_its_former_time()
    {
        var schedule = (await AddVerifyAsync(Now))!;
        Assert.True(await ApplyAsync(schedule, new ScheduleStep.Move(Now, Now.AddHours(2))));
        Assert.False(await ApplyAsync(schedule, new ScheduleStep.Move(Now, Now.AddHours(3))));
        Assert.False(await ApplyAsync(schedule, new ScheduleStep.Fire(Now, null, null)));
        Assert.True(await ApplyAsync(schedule, new ScheduleStep.Move(Now.AddHours(2), null)));
        Assert.True(await ApplyAsync(schedule, new ScheduleStep.Move(null, Now)));
        await Store.Schedules.ChangeAsync(schedule.Id, schedule.Wanted with { Enabled = false }, Now, Cancellation);
        Assert.False(await ApplyAsync(schedule, new ScheduleStep.Fire(Now, null, null)));
        Assert.Null((await GetAsync(schedule.Id)).LastRun);
    }

    [Fact]
    public async Task A_run_without_a_job_ends_once()
    {
        var schedule = (await AddVerifyAsync(Now))!;
        var (due, next) = (Now, Now.AddHours(1));
        await ApplyAsync(schedule, new ScheduleStep.Fire(due, next, null));
        Assert.False(await ApplyAsync(schedule, new ScheduleStep.End(next, ScheduleEnd.Done, null)));
        Assert.True(await ApplyAsync(schedule, new ScheduleStep.End(due, ScheduleEnd.Done, "sound")));
        Assert.False(await ApplyAsync(schedule, new ScheduleStep.End(due, ScheduleEnd.Failed, null)));
        Assert.Equal(new(due, due, ScheduleEnd.Done, null, "sound"), (await GetAsync(schedule.Id)).LastRun);
        await ApplyAsync(schedule, new ScheduleStep.Fire(next, null, null));
        Assert.Equal(new(next, due, ScheduleEnd.Running, null, null), (await GetAsync(schedule.Id)).LastRun);
    }

    [Fact]
    public async Task A_run_with_a_job_ends_as_the_job_does()
    {
        var library = await Story.AddLibraryAsync();
        var schedule = (await Store.Schedules.AddAsync(new(ScheduleKind.Scan, library.Id, "0 3 * * *", "UTC", true), Now, Cancellation))!;
        var cancelled = await Story.StartScanAsync(library);
        await ApplyAsync(schedule, new ScheduleStep.Fire(Now, Now, cancelled.Id));
        Assert.Equal((ScheduleEnd.Running, cancelled.Id), await LastAsync(schedule));
        await Store.Jobs.ControlAsync(cancelled.Id, new JobCommand.Cancel(), Cancellation);
        Assert.Equal((ScheduleEnd.Cancelled, cancelled.Id), await LastAsync(schedule));

        var done = await Story.StartScanAsync(library);
        await ApplyAsync(schedule, new ScheduleStep.Fire(Now, null, done.Id));
        Assert.False(await ApplyAsync(schedule, new ScheduleStep.End(Now, ScheduleEnd.Interrupted, null)));
        var lease = await Story.MustLeaseAsync();
        await Story.ApplyAsync(lease, new Tree());
        await Story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, Outcome.Done));
        Assert.Equal((ScheduleEnd.Done, done.Id), await LastAsync(schedule));
    }

    private Task<Schedule?> AddVerifyAsync(DateTimeOffset next) =>
        Store.Schedules.AddAsync(new(ScheduleKind.Verify, null, "0 * * * *", "UTC", true), next, Cancellation);

    private Task<bool> ApplyAsync(Schedule schedule, ScheduleStep step) => Store.Schedules.ApplyAsync(schedule.Id, step, Cancellation);

    private async Task<(ScheduleEnd, JobId)> LastAsync(Schedule schedule) =>
        (await GetAsync(schedule.Id)).LastRun is { Job: { } job } run ? (run.End, job) : throw new InvalidOperationException("There is no run with a job.");

    private async Task<Schedule> GetAsync(ScheduleId id) => (await Store.Schedules.ListAsync(Cancellation)).Single(schedule => schedule.Id == id);
}
