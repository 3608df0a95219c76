using Vitrine.Core.Derivatives;
using Vitrine.Server.Derivatives;

namespace Vitrine.Tests.Server;

public sealed class PresetChoiceTests
{
    [Theory]
    [InlineData(4000, 3000, 320, "thumbnail")]
    [InlineData(4000, 3000, 321, "medium")]
    [InlineData(4000, 3000, 1080, "medium")]
    [InlineData(4000, 3000, 1081, "display")]
    [InlineData(4000, 3000, 1921, "full")]
    [InlineData(4000, 3000, 9000, "full")]
    [InlineData(3000, 4000, 320, "medium")]
    [InlineData(200, 100, 5000, "thumbnail")]
    [InlineData(790, 36861, 300, "full")]
    [InlineData(0, 0, 320, "thumbnail")]
    [InlineData(0, 0, 1000, "medium")]
    [InlineData(0, 0, 5000, "full")]
    public void The_smallest_that_is_as_wide_is_taken(int width, int height, int wanted, string preset) =>
        Assert.Equal(preset, PresetChoice.ForWidth(PresetSet.BuiltIn, width, height, wanted).Name);
}
