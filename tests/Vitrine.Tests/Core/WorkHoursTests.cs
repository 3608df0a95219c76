using System.Globalization;
using Vitrine.Core.Schedules;

namespace Vitrine.Tests.Core;

public sealed class WorkHoursTests
{
    // 5 January 2026 is a Monday.
    [Theory]
    [InlineData("22:00-06:00", "2026-01-05T21:59", false)]
    [InlineData("22:00-06:00", "2026-01-05T22:00", true)]
    [InlineData("22:00-06:00", "2026-01-06T05:59", true)]
    [InlineData("22:00-06:00", "2026-01-06T06:00", false)]
    [InlineData("mon 22:00-06:00", "2026-01-06T05:00", true)]
    [InlineData("mon 22:00-06:00", "2026-01-06T22:00", false)]
    [InlineData("mon 22:00-06:00", "2026-01-05T05:00", false)]
    [InlineData("sat,sun 00:00-00:00", "2026-01-04T23:59", true)]
    [InlineData("sat,sun 00:00-24:00", "2026-01-05T00:00", false)]
    [InlineData("sat-mon 08:00-09:00", "2026-01-04T08:30", true)]
    [InlineData("sat-mon 08:00-09:00", "2026-01-06T08:30", false)]
    public void A_window_holds_its_times(string text, string local, bool inside) =>
        Assert.Equal(inside, TimeWindow.Parse(text, null).Contains(DateTime.Parse(local, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("22:00-06:00", "22:00-06:00")]
    [InlineData(" MON-Fri,sun  22:00-06:00 ", "mon,tue,wed,thu,fri,sun 22:00-06:00")]
    [InlineData("sat-mon 00:00-24:00", "mon,sat,sun 00:00-00:00")]
    [InlineData("mon-sun 01:00-02:00", "01:00-02:00")]
    public void A_window_is_written_as_it_is_read(string text, string written)
    {
        var window = TimeWindow.Parse(text, null);
        Assert.Equal(written, window.ToString());
        Assert.Equal(window, TimeWindow.Parse(written, null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("22-06")]
    [InlineData("25:00-06:00")]
    [InlineData("22:00")]
    [InlineData("22:00-06:00-07:00")]
    [InlineData("noon 22:00-06:00")]
    [InlineData("mon-tue-wed 22:00-06:00")]
    [InlineData("mon, tue 22:00-06:00")]
    public void What_is_no_window_is_refused(string text) => Assert.False(TimeWindow.TryParse(text, null, out _));

    [Fact]
    public void Without_windows_it_is_always_open()
    {
        Assert.True(WorkHours.Always.IsOpen(Time("2026-01-05T12:00:00Z")));
        Assert.Null(WorkHours.Always.OpensAt(Time("2026-01-05T12:00:00Z")));
    }

    [Theory]
    [InlineData("mon-fri 22:00-06:00", "2026-01-05T12:00:00Z", "2026-01-05T21:00:00Z")]
    [InlineData("mon-fri 22:00-06:00", "2026-01-10T12:00:00Z", "2026-01-12T21:00:00Z")]
    [InlineData("mon 01:00-02:00", "2026-01-05T02:00:00Z", "2026-01-12T00:00:00Z")]
    // At 1:00 UTC on 29 March the clock goes from 2:00 to 3:00: what begins at 2:30 begins with 3:00.
    [InlineData("02:30-05:00", "2026-03-28T22:00:00Z", "2026-03-29T01:00:00Z")]
    public void It_says_when_it_opens(string window, string now, string opens)
    {
        var hours = new WorkHours([TimeWindow.Parse(window, null)], TimeZones.Find("Europe/Berlin")!);
        Assert.False(hours.IsOpen(Time(now)));
        Assert.Equal(Time(opens), hours.OpensAt(Time(now)));
        Assert.True(hours.IsOpen(Time(opens)));
        Assert.Null(hours.OpensAt(Time(opens)));
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
