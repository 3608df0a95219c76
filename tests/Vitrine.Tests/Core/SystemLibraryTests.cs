using Vitrine.Core.Decoding;

namespace Vitrine.Tests.Core;

public sealed class SystemLibraryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-libraries-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_library_is_known_by_the_file_behind_its_name()
    {
        File.WriteAllBytes(Path.Combine(_folder, "libvips.so.42.17.1"), []);
        File.CreateSymbolicLink(Path.Combine(_folder, SystemLibrary.FileName), "libvips.so.42.17.1");
        var found = SystemLibrary.Find(new() { SystemLibraries = _folder, AllowJxl = true, AllowJp2 = false });
        Assert.Equal((_folder, "libvips.so.42.17.1"), (found.Folder, found.Build));
        Assert.Equal(["heic", "jxl"], found.Formats);
        Assert.Equal(" + libvips.so.42.17.1 (heic jxl)", found.Version);
    }

    [Fact]
    public void Where_nothing_is_said_some_formats_are_read_only_in_the_whole_sandbox()
    {
        File.WriteAllBytes(Path.Combine(_folder, SystemLibrary.FileName), []);
        Assert.Equal(["jxl", "jp2"], SystemLibrary.Find(new() { SystemLibraries = _folder }).Confined);
        Assert.Equal(["jp2"], SystemLibrary.Find(new() { SystemLibraries = _folder, AllowJxl = false }).Confined);
        var said = SystemLibrary.Find(new() { SystemLibraries = _folder, AllowJxl = true, AllowJp2 = false });
        Assert.Equal(["heic", "jxl"], said.Formats);
        Assert.Empty(said.Confined);
    }

    [Fact]
    public void None_is_found_where_there_is_none_or_it_is_switched_off()
    {
        Assert.Null(SystemLibrary.Find(new() { SystemLibraries = _folder }).Folder);
        Assert.Equal(SystemLibrary.None, SystemLibrary.Find(new() { SystemLibraries = SystemLibrary.Off }));
        Assert.False(SystemLibrary.None.MayRead("heic"));
        Assert.Equal("", SystemLibrary.None.Version);
    }

    [Theory]
    [InlineData("heic", false, "apt install")]
    [InlineData("svg", false, "Decoder.AllowSvg")]
    [InlineData("jxl", false, "apt install")]
    [InlineData("jxl", true, "Decoder.AllowJxl")]
    [InlineData("heic", true, "lacks it")]
    public void The_remedy_fits_what_is_missing(string format, bool isThere, string part) =>
        Assert.Contains(part, (isThere ? new("/usr/lib", "libvips.so.42", ["heic"]) : SystemLibrary.None).Remedy(FormatTable.Find(format)!));

    [Fact]
    public void Nothing_is_said_to_help_a_format_that_nothing_reads() => Assert.Null(SystemLibrary.None.Remedy(FormatTable.Find("psd")!));
}
