using Vitrine.Core.Jobs;

namespace Vitrine.Server.Jobs;

/// <summary>Jobs as people see them: with what they wait for at this moment beside what is stored.</summary>
internal sealed class JobPresenter(INodeStore nodes, EngineOptions options)
{
    public async Task<JobShape> ShapeAsync(Job job, CancellationToken cancellation) => (await ShapesAsync([job], cancellation))[0];

    public async Task<IReadOnlyList<JobShape>> ShapesAsync(IReadOnlyCollection<Job> jobs, CancellationToken cancellation)
    {
        if (jobs.All(job => job.IsOver)) return [.. jobs.Select(job => JobShape.Of(job, []))];
        var engine = await EngineAsync(cancellation);
        return [.. jobs.Select(job => JobShape.Of(job, Waiting.For(job, engine)))];
    }

    private async Task<EngineState> EngineAsync(CancellationToken cancellation)
    {
        var live = await nodes.ListAsync(TimeSpan.FromSeconds(2 * options.LeaseSeconds), cancellation);
        return new(live.Sum(node => node.Workers), Yielding: false, OpensAt: null);
    }
}
