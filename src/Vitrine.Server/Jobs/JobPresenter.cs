using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Server.Jobs;

/// <summary>Jobs as people see them: with what they wait for at this moment beside what is stored.</summary>
internal sealed class JobPresenter(INodeStore nodes, LiveOptions live, Viewing viewing, Presets presets, TimeProvider time)
{
    public async Task<JobShape> ShapeAsync(Job job, CancellationToken cancellation) => (await ShapesAsync([job], cancellation))[0];

    public async Task<IReadOnlyList<JobShape>> ShapesAsync(IReadOnlyCollection<Job> jobs, CancellationToken cancellation)
    {
        if (jobs.All(job => job.IsOver)) return [.. jobs.Select(job => JobShape.Of(job, [], presets.Now))];
        var engine = await EngineAsync(cancellation);
        return [.. jobs.Select(job => JobShape.Of(job, Waiting.For(job, engine), presets.Now))];
    }

    private async Task<EngineState> EngineAsync(CancellationToken cancellation)
    {
        var options = live.Current;
        var alive = await nodes.ListAsync(TimeSpan.FromSeconds(2 * options.LeaseSeconds), cancellation);
        return new(
            alive.Sum(node => node.Workers), YieldRule.MustWait(options, viewing.Quiet, waited: TimeSpan.Zero),
            options.HoursIn(time.LocalTimeZone).OpensAt(time.GetUtcNow()));
    }
}
