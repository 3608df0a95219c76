using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Core;

public sealed class BrakeTests
{
    [Theory]
    [InlineData(100, 200, false)] // So many are free to go, and that is half.
    [InlineData(101, 200, true)]
    [InlineData(1000, 10_000, false)] // Ten of a hundred are not more than ten of a hundred.
    [InlineData(1001, 10_000, true)]
    [InlineData(200_000, 2_000_000, false)]
    [InlineData(2_000_000, 2_000_000, true)]
    public void More_than_the_larger_of_a_number_and_a_share_is_held(long changes, long images, bool held) =>
        Assert.Equal(held, new BrakeLimits(100, 10).Holds(changes, images));

    [Fact]
    public void A_number_of_0_leaves_the_share_and_a_share_of_0_turns_it_off()
    {
        Assert.True(new BrakeLimits(0, 10).Holds(2, 10));
        Assert.False(new BrakeLimits(0, 10).Holds(1, 10));
        Assert.False(new BrakeLimits(0, 100).Holds(10, 10));
        Assert.False(new BrakeLimits(100, 0).Holds(long.MaxValue / 200, 10));
        Assert.False(BrakeLimits.Off.Holds(1, 1));
    }

    [Theory]
    [InlineData(0, 0, true)] // Nothing is recorded that could be missed.
    [InlineData(0, 1, false)]
    [InlineData(49, 100, false)]
    [InlineData(50, 100, true)]
    public void Half_of_what_is_looked_for_makes_it_the_same_library(int found, int lookedFor, bool same) =>
        Assert.Equal(same, RootSample.IsSame(found, lookedFor));
}
