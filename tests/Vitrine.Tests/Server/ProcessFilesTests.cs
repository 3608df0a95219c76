using Vitrine.Server.Hosting;

namespace Vitrine.Tests.Server;

/// <summary>A server of 130 MB with a decoder of 60 MB, as Linux shows them.</summary>
public sealed class ProcessFilesTests : IDisposable
{
    private const int Server = 10;
    private readonly string _proc = Directory.CreateTempSubdirectory("vitrine-proc-").FullName;

    public ProcessFilesTests()
    {
        Put(Server, "vitrine serve", pss: 130_000, cpu: 250, children: "11 ");
        Put(11, "vitrine-decoder", pss: 60_000, cpu: 100, children: "");
    }

    public void Dispose() => Directory.Delete(_proc, recursive: true);

    [Fact]
    public void The_tree_counts_with_its_proportional_size() => Assert.Equal((190_000 * 1024, 3.5), new ProcessFiles(_proc).Sum(Server));

    [Fact]
    public void What_is_resident_counts_for_each()
    {
        File.WriteAllText(Path.Combine(_proc, "10", "statm"), "99999 3000 500 1 0 2000 0");
        File.WriteAllText(Path.Combine(_proc, "11", "statm"), "99999 1000 500 1 0 2000 0");
        Assert.Equal(4000 * Environment.SystemPageSize, new ProcessFiles(_proc).Resident(Server));
    }

    /// <summary>A decoder is being started: until it is a program of its own, its memory is the server's.</summary>
    [Fact]
    public void A_child_that_is_still_its_parent_does_not_count_the_parent_twice()
    {
        Put(Server, "vitrine serve", pss: 130_000, cpu: 250, children: "11 12 ");
        Put(12, "vitrine serve", pss: 130_000, cpu: 0, children: "");
        Assert.Equal(190_000 * 1024, new ProcessFiles(_proc).Sum(Server).Memory);
    }

    [Fact]
    public void A_process_that_hides_its_maps_counts_with_its_resident_size()
    {
        File.Delete(Path.Combine(_proc, "11", "smaps_rollup"));
        File.WriteAllText(Path.Combine(_proc, "11", "statm"), "99999 1000 500 1 0 2000 0");
        Assert.Equal((130_000 * 1024) + (1000 * Environment.SystemPageSize), new ProcessFiles(_proc).Sum(Server).Memory);
    }

    [Fact]
    public void The_time_of_children_that_ended_is_told_apart()
    {
        File.WriteAllText(Path.Combine(_proc, "10", "stat"), "10 (a) b) S 1 1 1 0 -1 0 0 0 0 0 250 0 300 20 20 0 1 0");
        Assert.Equal(3.2, new ProcessFiles(_proc).CpuOfEnded(Server));
    }

    private void Put(int process, string command, int pss, int cpu, string children)
    {
        var task = Directory.CreateDirectory(Path.Combine(_proc, $"{process}", "task", $"{process}")).FullName;
        File.WriteAllText(Path.Combine(task, "children"), children);
        var folder = Path.Combine(_proc, $"{process}");
        File.WriteAllText(Path.Combine(folder, "cmdline"), command.Replace(' ', '\0'));
        File.WriteAllText(Path.Combine(folder, "smaps_rollup"), $"5500-7ffc ---p 00000000 00:00 0 [rollup]\nRss:   200000 kB\nPss:   {pss} kB\nPss_Dirty: 1 kB\n");
        File.WriteAllText(Path.Combine(folder, "stat"), $"{process} (a) b) S 1 1 1 0 -1 0 0 0 0 0 {cpu} 0 0 0 20 0 1 0");
    }
}
