using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Statistics;

namespace Vitrine.Server.Jobs;

/// <summary>Jobs as people see them: with what they wait for at this moment beside what is stored.</summary>
internal sealed class JobPresenter(EngineView view, IStatisticsStore statistics, Presets presets, TimeProvider time)
{
    public async Task<JobShape> ShapeAsync(Job job, CancellationToken cancellation) => (await ShapesAsync([job], cancellation))[0];

    public async Task<IReadOnlyList<JobShape>> ShapesAsync(IReadOnlyCollection<Job> jobs, CancellationToken cancellation)
    {
        if (jobs.All(job => job.IsOver)) return [.. jobs.Select(job => JobShape.Of(job, [], presets.Now))];
        var (engine, nodes) = await EngineAsync(cancellation);
        var costs = new MeanCosts(await statistics.CostsAsync(cancellation));
        return
        [
            .. jobs.Select(job => Shape(job, engine with { LiveWorkers = WorkersFor(job, nodes) })),
        ];

        JobShape Shape(Job job, EngineState state) =>
            JobShape.Of(job, Waiting.For(job, state), presets.Now) with { SecondsLeft = SecondsLeft(costs.TimeLeft(job, state.LiveWorkers)) };
    }

    private static double? SecondsLeft(TimeSpan? left) => left is { } known ? Math.Round(known.TotalSeconds) : null;

    private static int WorkersFor(Job job, IEnumerable<LiveNode> nodes) => nodes.Where(node => !node.Unable.Contains(job.Scope.Library)).Sum(node => node.Workers);

    private async Task<(EngineState Engine, IReadOnlyList<LiveNode> Nodes)> EngineAsync(CancellationToken cancellation)
    {
        var options = view.Live.Current;
        var alive = await view.Nodes.ListAsync(TimeSpan.FromSeconds(2 * options.LeaseSeconds), cancellation);
        return (new(
            alive.Sum(node => node.Workers), YieldRule.MustWait(options, view.Viewing.Quiet, waited: TimeSpan.Zero),
            options.HoursIn(time.LocalTimeZone).OpensAt(time.GetUtcNow())), alive);
    }
}

/// <summary>What is known of the engine at a moment.</summary>
internal sealed record EngineView(INodeStore Nodes, LiveOptions Live, Viewing Viewing);
