using System.Text;
using SharpCompress.Archives.Rar;
using SharpCompress.Readers;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Imaging.Sources.Archives;

namespace Vitrine.Imaging.Sources.Rar;

/// <summary>A RAR or CBR archive, versions 1.5 to 5, solid or not, read by SharpCompress.</summary>
internal sealed class RarReader : IArchiveReader
{
    private readonly RarArchive _archive;
    private readonly FileStream _file;
    private readonly PassMeter _meter;
    private readonly Lazy<ContainerKind> _kind;

    public RarReader(FileStream file, PassMeter meter)
    {
        (_file, _meter) = (file, meter);
        _archive = (RarArchive)RarArchive.OpenArchive(file, new ReaderOptions { LeaveStreamOpen = true, ArchiveEncoding = RawText.Encoding() });
        _kind = new(() => Entries().Any() && _archive.IsSolid ? ContainerKind.SolidRar : ContainerKind.Rar);
    }

    public ContainerKind Kind => _kind.Value;

    public IEnumerable<ArchiveEntry> Entries()
    {
        var seen = new Occurrences();
        foreach (var entry in ArchiveFaults.Named(_archive.Entries))
        {
            // Once there is an entry the archive's own header has been read.
            if (_archive.Volumes.First().IsMultiVolume) throw new RefusedException(Outcome.Failed, Reason.MultiVolume, "It is one volume of several.");
            var raw = RawText.Bytes(entry.Key ?? "") ?? Encoding.UTF8.GetBytes(entry.Key ?? "");
            yield return new RarEntry(raw, EntryNames.Decode(raw), seen.Of(raw), entry.Size, StampOf(entry), entry);
        }
    }

    public Stream Open(ArchiveEntry entry)
    {
        try
        {
            return new MeteredStream(((RarEntry)entry).Within.OpenEntryStream(), _meter);
        }
        catch (Exception broken) when (ArchiveFaults.IsBroken(broken))
        {
            throw RefusedException.Corrupt("The entry's packed bytes do not begin as they should.");
        }
    }

    /// <summary>RAR 5 may do without a checksum.</summary>
    private static long StampOf(RarArchiveEntry entry)
    {
        try
        {
            return entry.Crc;
        }
        catch (ArgumentNullException)
        {
            return 0;
        }
    }

    public void Dispose()
    {
        _archive.Dispose();
        _file.Dispose();
    }
}
