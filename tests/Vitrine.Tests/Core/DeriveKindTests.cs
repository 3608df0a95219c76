using Vitrine.Core.Jobs;

namespace Vitrine.Tests.Core;

public sealed class DeriveKindTests
{
    [Theory]
    [InlineData(DeriveKind.Thumbnails, "thumbnail")]
    [InlineData(DeriveKind.Cache, "full")]
    [InlineData(DeriveKind.Cache, "medium,display")]
    [InlineData(DeriveKind.Both, "display,thumbnail")]
    public void Presets_say_what_is_made(DeriveKind kind, string presets) => Assert.Equal(kind, DeriveKinds.Of(presets.Split(',')));

    [Theory]
    [InlineData(DeriveKind.Thumbnails)]
    [InlineData(DeriveKind.Cache)]
    [InlineData(DeriveKind.Both)]
    public void A_job_of_a_name_is_shown_by_that_name(DeriveKind kind) => Assert.Equal(kind, DeriveKinds.Of(DeriveKinds.PresetsOf(kind)));
}
