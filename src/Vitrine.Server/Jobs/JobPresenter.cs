using Vitrine.Core.Jobs;
using Vitrine.Core.Statistics;

namespace Vitrine.Server.Jobs;

/// <summary>Jobs as people see them: with what they wait for at this moment beside what is stored.</summary>
internal sealed class JobPresenter(INodeStore nodes, IStatisticsStore statistics, LiveOptions live, Viewing viewing, TimeProvider time)
{
    public async Task<JobShape> ShapeAsync(Job job, CancellationToken cancellation) => (await ShapesAsync([job], cancellation))[0];

    public async Task<IReadOnlyList<JobShape>> ShapesAsync(IReadOnlyCollection<Job> jobs, CancellationToken cancellation)
    {
        if (jobs.All(job => job.IsOver)) return [.. jobs.Select(job => JobShape.Of(job, []))];
        var engine = await EngineAsync(cancellation);
        var costs = new MeanCosts(await statistics.CostsAsync(cancellation));
        return [.. jobs.Select(job => JobShape.Of(job, Waiting.For(job, engine)) with { SecondsLeft = SecondsLeft(costs.TimeLeft(job, engine.LiveWorkers)) })];
    }

    private static double? SecondsLeft(TimeSpan? left) => left is { } known ? Math.Round(known.TotalSeconds) : null;

    private async Task<EngineState> EngineAsync(CancellationToken cancellation)
    {
        var options = live.Current;
        var alive = await nodes.ListAsync(TimeSpan.FromSeconds(2 * options.LeaseSeconds), cancellation);
        return new(
            alive.Sum(node => node.Workers), YieldRule.MustWait(options, viewing.Quiet, waited: TimeSpan.Zero),
            options.HoursIn(time.LocalTimeZone).OpensAt(time.GetUtcNow()));
    }
}
