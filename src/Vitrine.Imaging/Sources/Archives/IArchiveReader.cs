using Vitrine.Core.Libraries;

namespace Vitrine.Imaging.Sources.Archives;

/// <summary>
/// Reads one format of archive. Promise: entries come in the order in which they are stored, each with what the archive claims of it; nothing is written, and no
/// entry is held in memory.
/// </summary>
internal interface IArchiveReader : IDisposable
{
    ContainerKind Kind { get; }

    /// <summary>All entries, once. It ends with an exception where the archive cannot be read on; what came before is good.</summary>
    /// <exception cref="RefusedException">The archive is broken, encrypted, one of several volumes, or over a limit.</exception>
    IEnumerable<ArchiveEntry> Entries();

    /// <summary>
    /// The unpacked bytes of an entry. Of a sequential archive each entry is opened after the one before it was read to its end; of a compressed tar, while
    /// <see cref="Entries"/> stands at it.
    /// </summary>
    /// <exception cref="RefusedException">Its method is not one of ours, or it is not where its archive says.</exception>
    Stream Open(ArchiveEntry entry);
}
