using System.Globalization;
using Vitrine.Core;

namespace Vitrine.Server.Hosting;

/// <summary>What this process and its children use, read from /proc; the memory is sampled each second for its peak.</summary>
internal sealed class ProcessTree(TimeProvider time, ILogger<ProcessTree> logger)
    : PeriodicService(TimeSpan.FromSeconds(1), new Pulse(), time, logger)
{
    /// <summary>USER_HZ, which is 100 on every architecture that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Bounds the walk: far more than the decoders of any configuration.</summary>
    private const int MaxProcesses = 4096;

    private readonly long _started = time.GetTimestamp();
    private long _peak;

    public Use Measure()
    {
        var (memory, cpu) = Sample();
        return new(Time.GetElapsedTime(_started).TotalSeconds, cpu, memory, Interlocked.Read(ref _peak));
    }

    protected override Task<bool> StepAsync(CancellationToken cancellation)
    {
        Sample();
        return Task.FromResult(false);
    }

    private (long Memory, double Cpu) Sample()
    {
        long memory = 0;
        double cpu = 0;
        foreach (var process in WithDescendants(Environment.ProcessId))
        {
            memory += MemoryOf(process);
            cpu += CpuOf(process);
        }
        InterlockedMax(memory);
        return (memory, cpu);
    }

    private void InterlockedMax(long memory)
    {
        var peak = Interlocked.Read(ref _peak);
        while (memory > peak)
        {
            var before = Interlocked.CompareExchange(ref _peak, memory, peak);
            if (before == peak) return;
            peak = before;
        }
    }

    private static List<int> WithDescendants(int root)
    {
        List<int> found = [root];
        for (var i = 0; i < found.Count && found.Count < MaxProcesses; i++) found.AddRange(ChildrenOf(found[i]));
        return found;
    }

    /// <summary>Each thread of a process lists the children that it started.</summary>
    private static IEnumerable<int> ChildrenOf(int process)
    {
        string[] threads;
        try
        {
            threads = Directory.GetDirectories($"/proc/{process}/task");
        }
        catch (IOException)
        {
            return [];
        }
        return threads.SelectMany(thread => Read($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture));
    }

    /// <summary>Proportional set size: what is shared counts once for the whole tree. A process that hides its maps counts with its resident size.</summary>
    private static long MemoryOf(int process)
    {
        foreach (var line in Read($"/proc/{process}/smaps_rollup").Split('\n'))
        {
            if (line.StartsWith("Pss:", StringComparison.Ordinal)) return FirstNumber(line) * 1024;
        }
        var pages = Read($"/proc/{process}/statm").Split(' ');
        return pages.Length > 1 ? long.Parse(pages[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize : 0;
    }

    /// <summary>Its own time and that of children that ended: utime, stime, cutime and cstime stand behind the name, which may hold anything.</summary>
    private static double CpuOf(int process)
    {
        var stat = Read($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length < 15 ? 0 : fields[11..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;
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

    public readonly record struct Use(double UptimeSeconds, double CpuSeconds, long MemoryBytes, long PeakMemoryBytes);
}
