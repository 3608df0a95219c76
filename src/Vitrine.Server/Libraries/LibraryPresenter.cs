using Vitrine.Core.Libraries;

namespace Vitrine.Server.Libraries;

/// <summary>A library as people see it: with what is known only at this moment beside what is stored.</summary>
internal sealed class LibraryPresenter(ILibraryStore libraries, IRootProbe roots)
{
    /// <summary>As many notes for another look as are counted for people.</summary>
    private const int MaxRevisits = 200;

    public async Task<IReadOnlyList<LibraryShape>> ShapesAsync(IReadOnlyList<Library> stored, bool showRoot, CancellationToken cancellation)
    {
        var revisits = (await libraries.ToRevisitAsync(MaxRevisits, cancellation)).CountBy(noted => noted.Library).ToDictionary();
        return [.. stored.Select(library => LibraryShape.Of(library, IsOnline(library), showRoot, revisits.GetValueOrDefault(library.Id)))];
    }

    public async Task<LibraryShape> ShapeAsync(Library library, bool showRoot, CancellationToken cancellation) =>
        (await ShapesAsync([library], showRoot, cancellation))[0];

    private bool IsOnline(Library library) => roots.Probe(library.Root).IsHealthy(library.Mount, library.Counters.Images > 0);
}
