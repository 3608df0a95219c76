using System.Text;
using CsCheck;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Core;

public sealed class ParsingTests
{
    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a/b.cbz")]
    [InlineData("a/..b/c..")]
    public void A_path_below_the_root_is_taken_as_it_is(string text) =>
        Assert.Equal(text, SourcePath.FromBytes(Encoding.UTF8.GetBytes(text)).Text);

    [Theory]
    [InlineData("..")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("a/..")]
    [InlineData(".")]
    [InlineData("a/./b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("a\0b")]
    public void A_path_that_could_leave_the_root_cannot_be_made(string text) =>
        Assert.Throws<FormatException>(() => SourcePath.FromBytes(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_path_never_leaves_its_root_whatever_its_bytes() => Gen.Byte.Array[0, 40].Sample(bytes =>
    {
        SourcePath path;
        try
        {
            path = SourcePath.FromBytes(bytes);
        }
        catch (FormatException)
        {
            return;
        }
        var full = Path.GetFullPath("/library/" + Encoding.Latin1.GetString(path.Bytes));
        Assert.StartsWith(path.IsRoot ? "/library" : "/library/", full);
    });

    [Fact]
    public void Parent_and_last_segment_part_a_path()
    {
        var path = SourcePath.FromBytes("a/b/c"u8.ToArray());

        Assert.Equal("a/b", path.Parent!.Value.Text);
        Assert.Equal("c", path.LastSegment.ToString());
        Assert.True(path.Parent.Value.Parent!.Value.Parent!.Value.IsRoot);
        Assert.Null(SourcePath.Root.Parent);
        Assert.Equal(path, path.Parent.Value.Append(path.LastSegment));
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void An_id_is_parsed(string text, long value) => Assert.Equal(value, ImageId.Parse(text, null).Value);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("01")]
    [InlineData("1.0")]
    [InlineData("9223372036854775808")]
    [InlineData("1' OR 1=1")]
    [InlineData("1\0")]
    public void What_is_no_id_is_refused(string? text) => Assert.False(ImageId.TryParse(text, null, out _));
}
