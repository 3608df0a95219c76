using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Core;

public sealed class DirectModeTests
{
    private static readonly Image Photo = new(
        new(new(1), new(1), "a.jpg", 800, 600, ImageState.Ready, null, null, null, new Dictionary<string, string>()), new(1), "/pictures", ContainerKind.Directory,
        SourcePath.Root, default, RawName.FromText("a.jpg"), 0, default, "jpeg", 1, null, false, [], AllowMetadata: true);

    [Theory]
    [InlineData("thumbnail", false)]
    [InlineData("medium", true)]
    [InlineData("full", true)]
    public void It_applies_where_the_original_fits(string preset, bool applies) => Assert.Equal(applies, DirectMode.Applies(Photo, PresetSet.BuiltIn.Find(preset)!));

    [Fact]
    public void It_never_applies_to_what_may_not_leave_or_what_a_browser_does_not_show()
    {
        Image[] others =
        [
            Photo with { AllowMetadata = false }, Photo with { Kind = ContainerKind.Zip }, Photo with { Format = "tiff" }, Photo with { Format = "heic" }, Photo with { Format = null },
            Photo with { Damaged = true }, Photo with { Summary = Photo.Summary with { State = ImageState.Failed } },
        ];
        Assert.All(others, image => Assert.False(DirectMode.Applies(image, Preset.Full)));
        Assert.False(DirectMode.Applies(Photo with { Format = "gif", Frames = 3 }, Preset.Medium));
        Assert.True(DirectMode.Applies(Photo with { Format = "gif", Frames = 3 }, Preset.Full));
    }
}
