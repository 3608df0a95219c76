using System.Text;
using Microsoft.Win32.SafeHandles;
using Vitrine.Core.Files;

namespace Vitrine.Tests.Core;

/// <summary>Nothing below an open directory leads out of it, with the one call of the kernel and step by step.</summary>
public sealed class OpenDirectoryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-open-").FullName;

    public OpenDirectoryTests()
    {
        Directory.CreateDirectory(At("in/deep"));
        Directory.CreateDirectory(At("out"));
        File.WriteAllText(At("in/deep/a"), "ours");
        File.WriteAllText(At("in/b"), "ours");
        File.WriteAllText(At("out/a"), "theirs");
        File.CreateSymbolicLink(At("in/link"), At("in/b"));
        File.CreateSymbolicLink(At("in/relative"), "b");
        Directory.CreateSymbolicLink(At("in/way"), At("out"));
        Directory.CreateSymbolicLink(At("in/up"), "..");
        File.CreateSymbolicLink(At("in/magic"), "/proc/self/cwd");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("b", 0), InlineData("deep/a", 0)]
    [InlineData("nothing", 2), InlineData("nowhere/a", 2), InlineData("b/a", 20)]
    [InlineData("link", 40), InlineData("relative", 40), InlineData("way/a", 40), InlineData("way", 40), InlineData("up/out/a", 40), InlineData("magic", 40)]
    [InlineData("../out/a", 18), InlineData("deep/../../out/a", 18), InlineData("/etc/passwd", 18)]
    public void A_path_is_opened_beneath_or_refused_with_the_error_of_its_cause(string path, int error)
    {
        using var directory = Opened(At("in"));
        foreach (var stepwise in new[] { false, true })
        {
            var got = Kernel.OpenBeneath(directory, Encoding.UTF8.GetBytes(path), 0, 0, stepwise);
            if (got >= 0) new SafeFileHandle(got, ownsHandle: true).Dispose();
            Assert.True(error == 0 ? got >= 0 : got == -error, $"'{path}' {(stepwise ? "step by step" : "at once")}: {got}");
        }
    }

    [Fact]
    public void A_root_may_be_reached_through_a_link_unless_it_must_be_itself()
    {
        using (var through = OpenDirectory.At(At("in/way"))) Assert.NotNull(through.Look("a"u8));
        Assert.Throws<LinkRefusedException>(() => OpenDirectory.At(At("in/way"), itself: true));
        Assert.Throws<DirectoryNotFoundException>(() => OpenDirectory.At(At("in/b")));
    }

    [Fact]
    public void What_is_open_stays_what_it_is_when_its_name_becomes_a_link()
    {
        using var held = OpenDirectory.At(At("in/deep"));
        Directory.Move(At("in/deep"), At("moved"));
        Directory.CreateSymbolicLink(At("in/deep"), At("out"));
        using (var file = held.Read("a"u8))
        {
            var bytes = new byte[4];
            Assert.Equal(4, RandomAccess.Read(file, bytes, 0));
            Assert.Equal("ours"u8.ToArray(), bytes);
        }
        Assert.True(held.Delete("a"u8));
        Assert.Equal("theirs", File.ReadAllText(At("out/a")));
    }

    [Fact]
    public void A_new_file_is_written_through_no_link_of_either_kind()
    {
        using var held = OpenDirectory.At(At("in"));
        using (var file = held.Create("link"u8)) RandomAccess.Write(file, "new"u8, 0);
        File.Delete(At("in/relative"));
        HardLink(At("out/a"), At("in/relative"));
        using (var file = held.Create("relative"u8)) RandomAccess.Write(file, "new"u8, 0);
        Assert.Equal(("ours", "theirs", "new"), (File.ReadAllText(At("in/b")), File.ReadAllText(At("out/a")), File.ReadAllText(At("in/link"))));
        Assert.Throws<LinkRefusedException>(() => held.Append("magic"u8));
    }

    [Fact]
    public void A_fifo_neither_blocks_nor_is_a_file()
    {
        using var made = System.Diagnostics.Process.Start("mkfifo", At("in/fifo"));
        made.WaitForExit();
        using var held = OpenDirectory.At(At("in"));
        Assert.Throws<FileNotFoundException>(() => held.Read("fifo"u8));
        Assert.Throws<FileNotFoundException>(() => held.Read("deep"u8));
    }

    [Fact]
    public void All_of_a_directory_goes_and_what_its_links_point_at_stays()
    {
        using var held = OpenDirectory.At(_root);
        held.DeleteAll("in"u8);
        Assert.False(Directory.Exists(At("in")));
        Assert.Equal("theirs", File.ReadAllText(At("out/a")));
    }

    private static SafeFileHandle Opened(string path) => new(Kernel.Open(path, Kernel.PathOnly | Kernel.Directory), ownsHandle: true);

    private static void HardLink(string from, string to)
    {
        using var made = System.Diagnostics.Process.Start("ln", [from, to]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
    }

    private string At(string name) => Path.Combine(_root, name);
}
