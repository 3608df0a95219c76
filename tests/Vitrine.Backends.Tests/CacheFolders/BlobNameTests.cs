using Vitrine.Core.CacheFolders;

namespace Vitrine.Backends.Tests.CacheFolders;

public sealed class BlobNameTests
{
    private const string Key = "ab12c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90";

    [Theory]
    [InlineData("ab/12/" + Key + "-7-1.webp", null)]
    [InlineData("ab/12/" + Key + "-7-1.thumbnail.webp", "thumbnail")]
    [InlineData("ab/12/" + Key + "-9223372036854775807-12.my-preset_2.jpg", "my-preset_2")]
    public void What_is_ours_is_read_and_written_the_same(string name, string? preset)
    {
        var parsed = BlobName.Parse(name);
        Assert.Equal((preset, name), (parsed?.Preset, parsed?.ToString()));
        Assert.Equal(parsed!.Value.Lease, StagedNames.MakerOf(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("letter.txt")]
    [InlineData(Key + "-7-1.webp")]
    [InlineData("ab/13/" + Key + "-7-1.webp")]
    [InlineData("ab/12/" + Key)]
    [InlineData("ab/12/" + Key + "-7.webp")]
    [InlineData("ab/12/" + Key + "-7-.webp")]
    [InlineData("ab/12/" + Key + "-7-1")]
    [InlineData("ab/12/" + Key + "-7-1.txt")]
    [InlineData("ab/12/" + Key + "-7-1..webp")]
    [InlineData("ab/12/" + Key + "-7-1.a.b.webp")]
    [InlineData("ab/12/" + Key + "-7-1 copy.webp")]
    [InlineData("ab/12/" + Key + "-99999999999999999999-1.webp")]
    [InlineData("ab/12/x/" + Key + "-7-1.webp")]
    [InlineData("AB/12/AB12c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90-7-1.webp")]
    public void What_is_not_ours_is_nothing(string name) => Assert.Null(BlobName.Parse(name));

    [Fact]
    public void A_preset_whose_name_is_no_part_of_a_files_is_left_out() =>
        Assert.Equal("ab/12/" + Key + "-7-1.jpg", BlobName.Of(new(Key), new(7), 1, "Größe/1", "image/jpeg").ToString());
}
