using Vitrine.EndToEnd.Harness;

namespace Vitrine.EndToEnd;

/// <summary>A file system that numbers its files as they are looked at: FAT, exFAT, and most of FUSE, as here.</summary>
public sealed class OtherFileSystemTests
{
    private const string Unionfs = "/usr/bin/unionfs";

    [Fact]
    public async Task WhatHasAnotherInodeAfterAMountIsUnchanged()
    {
        Assert.SkipUnless(File.Exists(Unionfs) && File.Exists("/dev/fuse"), $"{Unionfs} (package unionfs-fuse) or /dev/fuse is not there.");
        await using var scene = new Scene();
        scene.Library.AddMany("a", 8).AddMany("b", 8).AddZip("c.zip", 3).AddSolid("d.cb7", 3);
        var root = Directory.CreateDirectory(scene.Library.Root + ".mounted").FullName;
        using (new Mounted(scene.Library.Root, root))
        {
            var (_, first) = await scene.RunJsonAsync("import", root);
            Assert.Equal(22, first["completed"].Number);
        }

        using (new Mounted(scene.Library.Root, root))
        {
            // They are numbered in the order in which they are looked at.
            foreach (var folder in (string[])["b", "a"]) Assert.All(Directory.GetFiles(Path.Combine(root, folder)), file => Assert.True(new FileInfo(file).Length > 0));
            await using var server = await scene.ServeAsync();
            var (ended, again) = await scene.RunJsonAsync("import", root);

            Assert.True((ended.ExitCode, (int)again["completed"].Number) == (0, 22), ended.ToString());
            var counters = await server.CountersAsync();
            Assert.Equal((0, 0), ((int)counters["imagesDecoded"].Number, (int)counters["imagesRecognised"].Number));
        }
    }

    /// <summary>A directory seen through FUSE.</summary>
    private sealed class Mounted : IDisposable
    {
        private readonly string _at;

        public Mounted(string directory, string at)
        {
            _at = at;
            Run(Unionfs, $"{directory}=RO", at);
        }

        public void Dispose() => Run("/usr/bin/fusermount", "-u", "-z", _at);

        private static void Run(string program, params string[] arguments)
        {
            using var process = System.Diagnostics.Process.Start(program, arguments);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }
}
