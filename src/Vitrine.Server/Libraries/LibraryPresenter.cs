using Vitrine.Core.Libraries;
using Vitrine.Core.Libraries.Watching;

namespace Vitrine.Server.Libraries;

/// <summary>A library as people see it: with what is known only at this moment beside what is stored.</summary>
internal sealed class LibraryPresenter(ILibraryStore libraries, IRootProbe roots, LibraryWatching watching)
{
    /// <summary>As many notes for another look as are counted for people.</summary>
    private const int MaxRevisits = 200;

    public async Task<IReadOnlyList<LibraryShape>> ShapesAsync(IReadOnlyList<Library> stored, bool showRoot, CancellationToken cancellation)
    {
        var revisits = (await libraries.ToRevisitAsync(MaxRevisits, cancellation)).CountBy(noted => noted.Library).ToDictionary();
        return [.. stored.Select(library => LibraryShape.Of(library, Now(library, revisits), showRoot))];
    }

    public async Task<LibraryShape> ShapeAsync(Library library, bool showRoot, CancellationToken cancellation) =>
        (await ShapesAsync([library], showRoot, cancellation))[0];

    private LibraryNow Now(Library library, Dictionary<LibraryId, int> revisits) =>
        new(IsOnline(library), revisits.GetValueOrDefault(library.Id), watching.StateOf(library.Id));

    private bool IsOnline(Library library) => roots.Probe(library.Root).IsHealthy(library.Mount, library.Counters.Images > 0);
}
