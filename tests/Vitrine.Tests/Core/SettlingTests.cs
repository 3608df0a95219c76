using Microsoft.Extensions.Time.Testing;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Core;

public sealed class SettlingTests
{
    private static readonly RawName Name = RawName.FromText("a.jpg");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly Settling _settling;

    public SettlingTests() => _settling = new(TimeSpan.FromSeconds(10), _time);

    [Fact]
    public void An_old_file_is_settled_at_once() => Assert.True(Look(new(1, 1, 1), ageSeconds: 10));

    [Fact]
    public void A_young_file_is_settled_once_it_is_old_enough()
    {
        Assert.False(Look(new(1, 1, 1), ageSeconds: 9));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(Look(new(1, 1, 1), ageSeconds: 10));
    }

    [Fact]
    public void A_file_from_the_future_is_settled_when_two_looks_see_the_same_version()
    {
        Assert.False(Look(new(1, 1, 1), ageSeconds: -3600));
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(Look(new(1, 1, 1), ageSeconds: -3600));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(Look(new(1, 1, 1), ageSeconds: -3600));
    }

    [Fact]
    public void A_file_that_grows_between_two_looks_is_not_settled()
    {
        Assert.False(Look(new(1, 1, 1), ageSeconds: -3600));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.False(Look(new(2, 1, 1), ageSeconds: -3600));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(Look(new(2, 1, 1), ageSeconds: -3600));
    }

    [Fact]
    public void A_container_is_looked_at_six_times_and_then_left_to_the_next_scan()
    {
        Assert.Equal([true, true, true, true, true, false], Enumerable.Range(0, 6).Select(_ => _settling.LookAgain(new(1))));
        Assert.True(_settling.LookAgain(new(1)));
    }

    private bool Look(SourceVersion version, double ageSeconds)
    {
        var newest = _time.GetUtcNow().AddSeconds(-ageSeconds) - DateTimeOffset.UnixEpoch;
        return _settling.IsSettled(new(1), Name, version, newest.Ticks * 100);
    }
}
