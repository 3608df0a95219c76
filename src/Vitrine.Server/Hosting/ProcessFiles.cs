using System.Globalization;

namespace Vitrine.Server.Hosting;

/// <summary>Memory and processor time of a tree of processes, as Linux tells them in files.</summary>
/// <param name="folder"><c>/proc</c>.</param>
internal sealed class ProcessFiles(string folder)
{
    /// <summary>USER_HZ, which is 100 on every architecture that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Bounds the walk: far more than the decoders of any configuration.</summary>
    private const int MaxProcesses = 4096;

    /// <summary>Bytes and seconds of a process and all below it. Asks the kernel to look at every page of them: milliseconds of its time.</summary>
    public (long Memory, double Cpu) Sum(int root)
    {
        var all = Tree(root);
        return (all.Sum(MemoryOf), all.Sum(CpuOf));
    }

    /// <summary>Resident bytes of a process and all below it, which the kernel has at hand. What they share counts for each.</summary>
    public long Resident(int root) => Tree(root).Sum(ResidentOf);

    private List<int> Tree(int root)
    {
        var found = new List<(int Process, string Command)> { (root, CommandOf(root)) };
        for (var i = 0; i < found.Count && found.Count < MaxProcesses; i++)
        {
            var (process, command) = found[i];
            // Between its birth and its program a child is its parent once more, in the same memory: that would count twice.
            found.AddRange(ChildrenOf(process).Select(child => (child, CommandOf(child))).Where(child => child.Item2 != command));
        }
        return [.. found.Select(one => one.Process)];
    }

    private string CommandOf(int process) => Read($"{folder}/{process}/cmdline");

    /// <summary>Each thread of a process lists the children that it started.</summary>
    private IEnumerable<int> ChildrenOf(int process)
    {
        string[] threads;
        try
        {
            threads = Directory.GetDirectories($"{folder}/{process}/task");
        }
        catch (IOException)
        {
            return [];
        }
        return threads.SelectMany(thread => Read($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture));
    }

    /// <summary>Proportional set size: what is shared counts once for the whole tree. A process that hides its maps counts with its resident size.</summary>
    private long MemoryOf(int process)
    {
        foreach (var line in Read($"{folder}/{process}/smaps_rollup").Split('\n'))
        {
            if (line.StartsWith("Pss:", StringComparison.Ordinal)) return FirstNumber(line) * 1024;
        }
        return ResidentOf(process);
    }

    private long ResidentOf(int process)
    {
        var pages = Read($"{folder}/{process}/statm").Split(' ');
        return pages.Length > 1 ? long.Parse(pages[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize : 0;
    }

    /// <summary>Seconds of the children of a process that have ended.</summary>
    public double CpuOfEnded(int process) => SecondsOf(process, 13..15);

    /// <summary>Its own time and that of children that ended.</summary>
    private double CpuOf(int process) => SecondsOf(process, 11..15);

    /// <summary>utime, stime, cutime and cstime stand behind the name, which may hold anything: fields 11 to 14 from there.</summary>
    private double SecondsOf(int process, Range which)
    {
        var stat = Read($"{folder}/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length < 15 ? 0 : fields[which].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static long FirstNumber(string line) =>
        long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    /// <summary>A process may end between two looks: then there is nothing to read.</summary>
    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
