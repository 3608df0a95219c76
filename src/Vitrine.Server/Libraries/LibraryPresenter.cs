using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Libraries.Watching;

namespace Vitrine.Server.Libraries;

/// <summary>A library as people see it: with what is known only at this moment beside what is stored.</summary>
internal sealed class LibraryPresenter(IWatchStore notes, IBrakeStore brakes, LibrarySight sight, TimeProvider time)
{
    /// <summary>As many notes for another look as are counted for people.</summary>
    private const int MaxRevisits = 200;

    /// <summary>What keeps changing is looked at ever more seldom, and nobody waits for that.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<LibraryShape>> ShapesAsync(IReadOnlyList<Library> stored, bool showRoot, CancellationToken cancellation)
    {
        var shapes = new List<LibraryShape>();
        var held = await brakes.ListAsync(cancellation);
        foreach (var library in stored)
        {
            var revisits = await notes.ToRevisitAsync(library.Id, time.GetUtcNow() + Soon, MaxRevisits, cancellation);
            shapes.Add(LibraryShape.Of(library, new(IsOnline(library), revisits.Count, sight.Watching.StateOf(library.Id), held.GetValueOrDefault(library.Id)), showRoot));
        }
        return shapes;
    }

    public async Task<LibraryShape> ShapeAsync(Library library, bool showRoot, CancellationToken cancellation) =>
        (await ShapesAsync([library], showRoot, cancellation))[0];

    private bool IsOnline(Library library) =>
        sight.Reach.IsElsewhere(library.Id) || sight.Roots.Probe(library.Root).IsHealthy(library.Mount, library.Counters.Images > 0);
}

/// <summary>What this node sees of libraries.</summary>
internal sealed record LibrarySight(IRootProbe Roots, Reach Reach, LibraryWatching Watching);
