using Vitrine.Core.Jobs;

namespace Vitrine.Tests.Core;

public sealed class RetryPolicyTests
{
    private static readonly RetryPolicy Policy = new(4, TimeSpan.FromSeconds(5));

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 20)]
    [InlineData(3, 80)]
    public void Pauses_grow_fourfold(int tries, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Policy.PauseAfter(Reason.SourceSlow, tries));

    /// <summary>It was tried again at once, in a decoder of its own.</summary>
    [Fact]
    public void A_decoder_that_stood_still_twice_is_not_tried_a_third_time() => Assert.Null(Policy.PauseAfter(Reason.DecoderHung, 2));

    [Fact]
    public void The_last_try_is_the_last() => Assert.Null(Policy.PauseAfter(Reason.SourceSlow, 4));

    [Fact]
    public void No_pause_is_longer_than_ten_minutes() =>
        Assert.Equal(TimeSpan.FromMinutes(10), new RetryPolicy(100, TimeSpan.FromSeconds(5)).PauseAfter(Reason.Crashed, 99));

    [Fact]
    public void What_ends_the_same_each_time_is_never_tried_again() =>
        Assert.All(Reason.All.Where(r => !r.Retryable), r => Assert.Null(Policy.PauseAfter(r.Code, 1)));

    [Fact]
    public void Only_a_failure_is_tried_again()
    {
        Assert.Null(Policy.Apply(new(1, Outcome.Done)).RetryAfter);
        Assert.Null(Policy.Apply(new(1, Outcome.Skipped, Reason.SourceChanged)).RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(5), Policy.Apply(new(1, Outcome.Failed, Reason.SourceUnreadable)).RetryAfter);
    }
}
