using System.Runtime.CompilerServices;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>Changed jobs as one process sees them: some time later, and broken off where its gate has it.</summary>
internal sealed class Feed(Gate gate, Surroundings around) : IEventFeed
{
    public async IAsyncEnumerable<IReadOnlyList<Job>> ChangesAsync(long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var seen = -1L;
        while (true)
        {
            if (around.Witness.Bench.Changes != seen)
            {
                seen = around.Witness.Bench.Changes;
                var changed = await gate.PassAsync("reads the feed", null, () => ReadAsync(after, cancellation), cancellation);
                if (changed.Count > 0) yield return changed;
                after = changed.Select(job => job.Version).Append(after).Max();
            }
            await Task.Delay(around.Chance.Time(0.1, 1), gate.Process.Time, cancellation);
        }
    }

    private async Task<List<Job>> ReadAsync(long after, CancellationToken cancellation)
    {
        var jobs = new List<Job>();
        var changed = around.Witness.Bench.Read(whole: false).Jobs.Values.Where(job => job.Version > after).OrderBy(job => job.Version);
        foreach (var job in changed.ToList()) jobs.Add((await around.Witness.Bench.Jobs.GetAsync(new(job.Id), cancellation))!);
        return jobs;
    }
}
