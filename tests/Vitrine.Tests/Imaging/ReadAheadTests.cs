using System.Diagnostics;
using System.Globalization;
using Vitrine.Core.Decoding;
using Vitrine.Core.Files;
using Vitrine.Core.Libraries;
using Vitrine.Imaging.Sources;

namespace Vitrine.Tests.Imaging;

/// <summary>What the kernel has of a file in memory is asked of util-linux' fincore.</summary>
public sealed class ReadAheadTests : IDisposable
{
    private const string Fincore = "/usr/bin/fincore";
    private const int Bytes = 3 << 20;

    private readonly TestRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task The_next_file_of_a_directory_is_fetched_while_one_is_in_hand()
    {
        Assert.SkipUnless(File.Exists(Fincore), $"{Fincore} (package util-linux) is not there.");
        foreach (var name in (string[])["1.jpg", "2.jpg", "3.jpg"]) Forget(_root.Put(name, new byte[Bytes]));
        Assert.SkipWhen(InMemory("2.jpg") > 0, "The file system of the temporary folder keeps all its files in memory.");
        using var source = SourceOpener.Directory(_root.Place(), new(), null);

        var items = new[] { "1.jpg", "2.jpg", "3.jpg" }.Select((name, at) => new DeriveItem(at, RawName.FromText(name).Bytes, 0, default, []));
        using var order = source.InReadingOrder([.. items]).GetEnumerator();
        Assert.True(order.MoveNext());

        var limit = TimeSpan.FromSeconds(30);
        for (var began = Stopwatch.GetTimestamp(); InMemory("2.jpg") < Bytes && Stopwatch.GetElapsedTime(began) < limit;)
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal((Bytes, 0), (InMemory("2.jpg"), InMemory("3.jpg")));
    }

    [Fact]
    public void What_cannot_be_fetched_is_no_error()
    {
        _root.Put("there.jpg", [1]);
        Directory.CreateDirectory(Path.Combine(_root.Path, "folder.jpg"));
        using var directory = OpenDirectory.At(_root.Path);
        foreach (var name in (string[])["there.jpg", "gone.jpg", "folder.jpg", "../out.jpg", ""]) directory.Expect(RawName.FromText(name).Bytes);
    }

    /// <summary>Written to the disk, and out of the kernel's memory.</summary>
    private static void Forget(string file)
    {
        using (var written = new FileStream(file, FileMode.Open, FileAccess.ReadWrite)) written.Flush(flushToDisk: true);
        Run("/usr/bin/dd", $"if={file}", "iflag=nocache", "count=0", "status=none");
    }

    private int InMemory(string name) => int.Parse(Run(Fincore, "--bytes", "--noheadings", "--output", "RES", Path.Combine(_root.Path, name)), CultureInfo.InvariantCulture);

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return said;
    }
}
