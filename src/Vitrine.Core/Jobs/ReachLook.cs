using Microsoft.Extensions.Logging;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Jobs;

/// <summary>
/// Looks at the other nodes, and at the roots of libraries on this one. Alone it looks at no root: there is nobody to leave a library to, and work itself notices
/// what is gone.
/// </summary>
public sealed partial class ReachLook(ILibraryStore libraries, INodeStore nodes, RootChecks checks, NodeRoots roots, ReachSettings settings)
    : PeriodicService(TimeSpan.FromSeconds(2), new Pulse(), settings.Time, settings.Logger)
{
    /// <summary>Before anything works: the first batch is none of a library that others have to do.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public async Task LookAsync(CancellationToken cancellation)
    {
        var life = TimeSpan.FromSeconds(2 * settings.Options.LeaseSeconds);
        var others = (await nodes.ListAsync(life, cancellation)).Where(node => node.Name != settings.Node.Name).ToList();
        var all = await libraries.ListAsync(cancellation);
        var foreign = all.Where(library => !NodeLabels.Fit(settings.Node.Labels, library.Settings.NodeLabels ?? [])).Select(library => library.Id).ToHashSet();
        var outOfReach = new HashSet<LibraryId>();
        foreach (var library in all.Where(library => !foreign.Contains(library.Id) && (others.Count > 0 || settings.Node.Roots.Names(library.Root))))
        {
            if (!await IsHereAsync(library, cancellation) && others.Count > 0) outOfReach.Add(library.Id);
        }
        settings.Reach.See(ReachView.Of([.. all.Select(library => library.Id)], outOfReach, foreign, others));
    }

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        await LookAsync(cancellation);
        return false;
    }

    /// <summary>A root that this node's settings name may be on another mount than recorded, once a sample of its originals was found there.</summary>
    private async Task<bool> IsHereAsync(Library library, CancellationToken cancellation)
    {
        if (IsHealthy(library)) return true;
        if (!roots.MayConfirm(library) || !await checks.HoldsOriginalsAsync(roots.Here(library.Root), library.Id, cancellation)) return false;
        roots.Confirm(library);
        LogConfirmed(Logger, library.Root, roots.Here(library.Root));
        return IsHealthy(library);
    }

    private bool IsHealthy(Library library) => roots.Probe(library.Root).IsHealthy(library.Mount, library.Counters.Images > 0);

    [LoggerMessage(145, LogLevel.Information, "The library at {Root} is at {Here} on this node: its originals were found there.")]
    private static partial void LogConfirmed(ILogger logger, string root, string here);
}

/// <summary>What the look needs beside its contracts.</summary>
public sealed record ReachSettings(Reach Reach, Node Node, EngineOptions Options, TimeProvider Time, ILogger<ReachLook> Logger);
