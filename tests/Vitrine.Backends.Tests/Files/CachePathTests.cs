using Vitrine.Backends.Files;
using Vitrine.Core.Derivatives;

namespace Vitrine.Backends.Tests.Files;

/// <summary>REQUIREMENTS R60: nothing leads out of a cache folder.</summary>
public sealed class CachePathTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-path-").FullName;

    private string Cache => Directory.CreateDirectory(Path.Combine(_root, "cache")).FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("a.webp")]
    [InlineData("ab/cd/key-1-1.webp")]
    [InlineData("ab/cd/")]
    [InlineData("..a/b..c")]
    [InlineData("com10.webp")]
    [InlineData("console/nullable")]
    public void A_name_below_the_folder_is_taken(string name)
    {
        Assert.Equal(Path.Combine(Cache, name).TrimEnd('/'), CachePath.Resolve(Cache, name));
        Assert.Equal(Path.Combine(Cache, name).TrimEnd('/'), CachePath.Resolve($"{Cache}/", name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../cache-evil/x")]
    [InlineData("a/../../x")]
    [InlineData("a/..")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("/etc/passwd")]
    [InlineData("\\\\server\\share\\x")]
    [InlineData("..\\x")]
    [InlineData("a\\b")]
    [InlineData("//server/share")]
    [InlineData("C:/x")]
    [InlineData("C:x")]
    [InlineData("a:stream")]
    [InlineData("NUL")]
    [InlineData("ab/con.webp")]
    [InlineData("Com1")]
    [InlineData("lpt9.txt")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("trailing. ")]
    [InlineData("trailing.")]
    public void A_name_that_could_lead_out_is_refused(string name) =>
        Assert.Equal("path-refused", Assert.Throws<CacheFolderException>(() => CachePath.Resolve(Cache, name)).Code);

    [Theory]
    [InlineData("cache")]
    [InlineData("")]
    [InlineData("/cache/../etc")]
    public void A_folder_is_an_absolute_path(string folder) =>
        Assert.Throws<CacheFolderException>(() => CachePath.Resolve(folder, "x"));

    [Fact]
    public void A_link_on_the_way_is_refused_wherever_it_points()
    {
        var evil = Directory.CreateDirectory(Path.Combine(_root, "cache-evil")).FullName;
        File.WriteAllText(Path.Combine(evil, "x"), "theirs");
        Directory.CreateSymbolicLink(Path.Combine(Cache, "out"), evil);
        File.CreateSymbolicLink(Path.Combine(Cache, "file"), Path.Combine(evil, "x"));
        File.CreateSymbolicLink(Path.Combine(Cache, "dangling"), "/nowhere");
        foreach (var name in new[] { "out/x", "out", "file", "dangling" }) Assert.Throws<CacheFolderException>(() => CachePath.Resolve(Cache, name));
    }

    [Fact]
    public void A_folder_that_is_itself_reached_by_a_link_is_the_admin_s_choice()
    {
        Directory.CreateSymbolicLink(Path.Combine(_root, "link"), Cache);
        Assert.Equal(Path.Combine(_root, "link", "x"), CachePath.Resolve(Path.Combine(_root, "link"), "x"));
    }
}
