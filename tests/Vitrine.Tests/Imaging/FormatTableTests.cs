using Vitrine.Core.Decoding;
using Vitrine.Imaging.Formats;

namespace Vitrine.Tests.Imaging;

public sealed class FormatTableTests
{
    /// <summary>Its content has no mark: only its name is known.</summary>
    private const string ByNameOnly = "tga";

    [Fact]
    public void Every_format_that_the_content_tells_is_a_row_and_every_row_such_a_format() =>
        Assert.Equal(
            Enum.GetValues<ImageFormat>().Where(f => f != ImageFormat.Unknown).Select(ImageFormats.NameOf).Append(ByNameOnly).Order(),
            FormatTable.Rows.Select(row => row.Name).Order());

    [Fact]
    public void No_extension_stands_in_two_rows()
    {
        var all = FormatTable.Rows.SelectMany(row => row.Extensions).ToList();
        Assert.Equal(all.Distinct(), all);
        Assert.All(all, extension => Assert.True(KnownExtensions.IsImage(System.Text.Encoding.ASCII.GetBytes("a." + extension))));
    }

    [Fact]
    public void What_ships_with_us_needs_no_setting_and_what_needs_one_has_one()
    {
        Assert.All(FormatTable.Rows.Where(row => row.Flavour == DecoderFlavour.Bundled), row => Assert.Equal(FormatAccess.Allowed, row.Access));
        Assert.All(FormatTable.Rows.Where(row => row.Flavour is null), row => Assert.Equal(FormatAccess.Never, row.Access));
        foreach (var row in FormatTable.Rows.Where(row => row.Setting is not null))
        {
            var options = new DecoderOptions();
            Assert.Equal(row.Access == FormatAccess.Confined, options.Allows(row));
            Assert.Equal(row.Access == FormatAccess.Confined, options.AllowsConfined(row));
            foreach (var said in new[] { true, false })
            {
                var set = Set(options, row.Setting!.Split('.')[1], said);
                Assert.Equal((said, false), (set.Allows(row), set.AllowsConfined(row)));
            }
        }
    }

    private static DecoderOptions Set(DecoderOptions options, string name, bool value)
    {
        var copy = options with { };
        typeof(DecoderOptions).GetProperty(name)!.SetValue(copy, value);
        return copy;
    }
}
