using Vitrine.Core.Decoding;
using Vitrine.Core.Libraries;

namespace Vitrine.Imaging.Sources;

/// <summary>
/// A container of originals, opened once, read-only and beneath its library's root. Promise: what <see cref="Read"/> answers was
/// the same before the first and after the last byte; nothing is written and no link is followed.
/// </summary>
public interface ISource : IDisposable
{
    /// <summary>Sends the images and containers, in natural order and in groups, and answers how it ended.</summary>
    ListEnd List(ListRequest request, Action<Listed> send);

    /// <summary>
    /// The items in the order in which <see cref="Read"/> is to be called for them, each when it is its turn: as given, or, of a sequential container, as they are
    /// stored.
    /// </summary>
    /// <exception cref="RefusedException">The container cannot be read on.</exception>
    IEnumerable<DeriveItem> InReadingOrder(IReadOnlyList<DeriveItem> items);

    /// <summary>Reads one original into <paramref name="into"/> and answers the version read.</summary>
    /// <exception cref="RefusedException">It is missing, changed, over a limit, encrypted or corrupt.</exception>
    SourceVersion Read(RawName name, int occurrence, SourceVersion recorded, OriginalBytes into);
}
