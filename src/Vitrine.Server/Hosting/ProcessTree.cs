using Vitrine.Core;

namespace Vitrine.Server.Hosting;

/// <summary>
/// What this process and its children use: processor time, and memory as the proportional set sizes of all of them together. For its peak that is sampled when
/// more is resident than ever before, which is looked at each second and costs next to nothing.
/// </summary>
internal sealed class ProcessTree(TimeProvider time, ILogger<ProcessTree> logger)
    : PeriodicService(TimeSpan.FromSeconds(1), new Pulse(), time, logger)
{
    private static readonly ProcessFiles Files = new("/proc");

    /// <summary>A process keeps the children of the shell that it was: a build that came before is none of its work.</summary>
    private readonly double _before = Files.CpuOfEnded(Environment.ProcessId);
    private readonly long _started = time.GetTimestamp();
    private long _resident;
    private long _peak;

    public Use Measure()
    {
        var (memory, cpu) = Sample();
        return new(Time.GetElapsedTime(_started).TotalSeconds, cpu, memory, Interlocked.Read(ref _peak));
    }

    protected override Task<bool> StepAsync(CancellationToken cancellation)
    {
        var resident = Files.Resident(Environment.ProcessId);
        if (resident > _resident)
        {
            _resident = resident;
            Sample();
        }
        return Task.FromResult(false);
    }

    private (long Memory, double Cpu) Sample()
    {
        var (memory, cpu) = Files.Sum(Environment.ProcessId);
        InterlockedMax(memory);
        return (memory, cpu - _before);
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

    public readonly record struct Use(double UptimeSeconds, double CpuSeconds, long MemoryBytes, long PeakMemoryBytes);
}
