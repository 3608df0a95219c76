using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;

namespace Vitrine.Tests.Core;

/// <summary>What stands still is told from what works and from what waits for its source.</summary>
public sealed class SleepingThreadsTests
{
    private const string Pipe = "pipe:[17]";
    private const string File = "/mnt/slow/a.jpg";

    [Theory]
    [InlineData('S', "202 0x7f00 0x80 0x0 0x0 0x0 0x0 0x7ffe 0x7f01", Pipe, true)]
    [InlineData('S', "0 0x1f 0x7f00 0x1000 0x0 0x0 0x0 0x7ffe 0x7f01", Pipe, true)]
    [InlineData('S', "0 0x1f 0x7f00 0x1000 0x0 0x0 0x0 0x7ffe 0x7f01", File, false)]
    [InlineData('S', "0 0x1f 0x7f00 0x1000 0x0 0x0 0x0 0x7ffe 0x7f01", null, false)]
    [InlineData('S', "17 0x1f 0x7f00 0x1000 0x0 0x0 0x0 0x7ffe 0x7f01", File, false)]
    [InlineData('S', "257 0xffffff9c 0x7f00 0x0 0x0 0x0 0x0 0x7ffe 0x7f01", null, false)]
    [InlineData('S', "1 0x1 0x7f00 0x1000 0x0 0x0 0x0 0x7ffe 0x7f01", Pipe, false)]
    [InlineData('S', "running", null, false)]
    [InlineData('S', "-1 0x7ffe 0x7f01", null, false)]
    [InlineData('T', "running", null, true)]
    [InlineData('Z', "", null, true)]
    [InlineData('D', "202 0x7f00", null, false)]
    [InlineData('R', "running", null, false)]
    public void A_thread_sleeps_where_it_waits_for_no_file(char state, string call, string? file, bool asleep)
    {
        var asked = -1;
        Assert.Equal(asleep, SleepingThreads.IsAsleep($"42 (a (strange) name) {state} 1 2 3", () => call + "\n", number =>
        {
            asked = number;
            return file;
        }));
        if (call.StartsWith("0 ", StringComparison.Ordinal)) Assert.Equal(0x1f, asked);
    }

    [Fact]
    public void Who_asks_is_awake() => Assert.False(SleepingThreads.AreAll(Environment.ProcessId));

    [Fact]
    public void What_has_ended_is_not_known() => Assert.False(SleepingThreads.AreAll(int.MaxValue));

    [Theory]
    [InlineData(0, 59.5, true, null)]
    [InlineData(60, 60, true, Reason.DecoderHung)]
    [InlineData(60, 60, false, null)]
    [InlineData(601, 600, false, Reason.SourceSlow)]
    [InlineData(601, 600, true, Reason.DecoderHung)]
    [InlineData(601, 0, true, Reason.DecoderHung)]
    public void What_is_asleep_is_hung_and_what_is_silent_otherwise_has_a_slow_source(double silence, double still, bool asleep, string? verdict) =>
        Assert.Equal(verdict, new ItemWatch(new(), long.MaxValue, 0, 0).Verdict(new(1, 1), TimeSpan.FromSeconds(silence), TimeSpan.FromSeconds(still), () => asleep));

    [Fact]
    public void Work_and_signs_of_life_begin_the_count_anew()
    {
        var still = new Stillness(TimeSpan.Zero, 7, 1);
        for (var looks = 0; looks < 4; looks++) still = still.Next(7, 1.01);
        Assert.Equal(TimeSpan.FromSeconds(2), still.For);
        Assert.Equal(TimeSpan.Zero, still.Next(8, 1.01).For);
        Assert.Equal(new(TimeSpan.Zero, 7, 1.1), still.Next(7, 1.1));
    }
}
