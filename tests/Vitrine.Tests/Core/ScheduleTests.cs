using Vitrine.Core.Schedules;

namespace Vitrine.Tests.Core;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData("0 3 * * *", "Europe/Berlin", "2026-01-01T12:00:00Z", "2026-01-02T02:00:00Z")]
    [InlineData("0 3 * * *", "Europe/Berlin", "2026-07-01T12:00:00Z", "2026-07-02T01:00:00Z")]
    [InlineData("0 3 * * *", "UTC", "2026-01-01T03:00:00Z", "2026-01-02T03:00:00Z")]
    [InlineData("30 3 * * mon", "America/New_York", "2026-01-01T00:00:00Z", "2026-01-05T08:30:00Z")]
    // The clock goes from 2:00 to 3:00 at 1:00 UTC on 29 March 2026: 2:30 comes at the end of the gap, and the day after as ever.
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-03-28T02:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")]
    // It goes from 3:00 back to 2:00 at 1:00 UTC on 25 October 2026: 2:30 comes twice and is taken once, every half hour each time.
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z")]
    [InlineData("30 2 * * *", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    [InlineData("*/30 * * * *", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z")]
    public void A_cron_time_is_meant_in_its_zone(string cron, string zone, string after, string next) =>
        Assert.Equal(Time(next), CronTimes.After(cron, zone, Time(after)));

    [Theory]
    [InlineData("0 3 * * *")]
    [InlineData("  */5   0-6 1,15 jan-mar sun ")]
    public void Five_fields_are_a_cron_time(string cron) => Assert.Null(CronTimes.Refusal(cron));

    [Theory]
    [InlineData("")]
    [InlineData("@daily")]
    [InlineData("0 3 * *")]
    [InlineData("0 0 3 * * *")]
    [InlineData("61 3 * * *")]
    [InlineData("x 3 * * *")]
    [InlineData("0 0 30 2 *")]
    public void What_is_no_cron_time_or_never_comes_is_refused_in_one_line(string cron)
    {
        var refusal = CronTimes.Refusal(cron);
        Assert.NotNull(refusal);
        Assert.DoesNotContain('\n', refusal);
    }

    [Fact]
    public void A_text_of_any_length_is_refused_without_repeating_it() => Assert.True(CronTimes.Refusal(new('*', 100_000))!.Length < 500);

    /// <summary>Globalization is invariant in the product: zones must come from tzdata alone.</summary>
    [Theory]
    [InlineData("UTC", true)]
    [InlineData("Europe/Berlin", true)]
    [InlineData("Asia/Kathmandu", true)]
    [InlineData("", false)]
    [InlineData("Europe/Atlantis", false)]
    [InlineData("../../etc/passwd", false)]
    public void Time_zones_are_known_by_their_ids(string id, bool known)
    {
        Assert.Equal(known, TimeZones.Find(id) is not null);
        Assert.Equal(known, TimeZones.Refusal(id) is null);
    }

    [Fact]
    public void A_time_zone_that_is_gone_leaves_a_schedule_without_a_next_time() =>
        Assert.Null(CronTimes.After("0 3 * * *", "Europe/Atlantis", Time("2026-01-01T00:00:00Z")));

    [Fact]
    public void What_is_decided_follows_from_row_and_clock()
    {
        var now = Time("2026-01-01T12:00:00Z");
        var (one, two) = (now.AddHours(1), now.AddHours(2));
        var schedule = new Schedule(new(1), ScheduleKind.Verify, null, "0 * * * *", "UTC", true, now, one, null);
        var running = new ScheduleRun(now, now, ScheduleEnd.Running, null, null);

        Assert.Equal(new DueDecision.Wait(), DueRule.Decide(schedule, now));
        Assert.Equal(new DueDecision.Fire(one, two), DueRule.Decide(schedule, one));
        Assert.Equal(new DueDecision.Fire(one, two.AddHours(8)), DueRule.Decide(schedule, one.AddHours(8)));
        Assert.Equal(new DueDecision.Move(two), DueRule.Decide(schedule with { LastRun = running }, one));
        Assert.Equal(new DueDecision.Wait(), DueRule.Decide(schedule with { Enabled = false }, one));
        Assert.Equal(new DueDecision.Move(one), DueRule.Decide(schedule with { NextAt = null }, now));
        Assert.Equal(new DueDecision.Move(one), DueRule.Decide(schedule with { NextAt = now.AddYears(4) }, now));
        // The clock was set back: what had its run is not due again.
        Assert.Equal(new DueDecision.Wait(), DueRule.Decide(schedule with { LastRun = running with { End = ScheduleEnd.Done } }, now.AddHours(-3)));
        Assert.Equal(new DueDecision.Wait(), DueRule.Decide(schedule with { TimeZone = "Europe/Atlantis", NextAt = null }, now));
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
