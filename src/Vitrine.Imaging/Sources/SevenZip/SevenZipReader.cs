using System.Text;
using SharpCompress.Archives.SevenZip;
using SharpCompress.Common;
using SharpCompress.Readers;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Imaging.Sources.Archives;

namespace Vitrine.Imaging.Sources.SevenZip;

/// <summary>
/// A 7z or CB7 archive, whose entries SharpCompress names. They stand in blocks that are unpacked from their start, by <see cref="SevenZipBlocks"/> where that can be.
/// By SharpCompress, an archive with a block that holds more than one is read in one pass by the library's own reader: an entry that is opened by itself would be
/// unpacked from the start of its block, each time.
/// </summary>
internal sealed class SevenZipReader : IArchiveReader
{
    private readonly SevenZipArchive _archive;
    private readonly FileStream _file;
    private readonly PassMeter _meter;
    private readonly Lazy<ContainerKind> _kind;
    private readonly Lazy<IReader> _pass;
    private readonly Lazy<SevenZipBlocks?> _blocks;
    private int _passed;

    /// <param name="isFirstVolume">By its name: the volumes themselves are cut anywhere, and say nothing.</param>
    public SevenZipReader(FileStream file, bool isFirstVolume, PassMeter meter)
    {
        (_file, _meter) = (file, meter);
        if (isFirstVolume && EndsEarly(file)) throw new RefusedException(Outcome.Failed, Reason.MultiVolume, "It is one volume of several.");
        _archive = (SevenZipArchive)SevenZipArchive.OpenArchive(file, new ReaderOptions { LeaveStreamOpen = true });
        _pass = new(_archive.ExtractAllEntries);
        _blocks = new(() => SevenZipBlocks.Of(file.SafeFileHandle, meter, Entries().OfType<SevenZipEntry>().Where(entry => entry.Number > 0).Select(entry => (entry.Number, entry.Size))));
        _kind = new(() => Entries().Any(entry => ((SevenZipEntry)entry).Within.IsSolid && entry.Size > 0) ? ContainerKind.SolidSevenZip : ContainerKind.SevenZip);
    }

    public ContainerKind Kind => _kind.Value;

    public IEnumerable<ArchiveEntry> Entries()
    {
        var seen = new Occurrences();
        var files = 0;
        foreach (var entry in ArchiveFaults.Named(_archive.Entries))
        {
            var raw = Encoding.UTF8.GetBytes(entry.Key ?? "");
            yield return new SevenZipEntry(raw, Encoding.UTF8.GetString(raw), seen.Of(raw), entry.IsDirectory ? 0 : ++files, entry);
        }
    }

    public Stream Open(ArchiveEntry entry)
    {
        try
        {
            var wanted = (SevenZipEntry)entry;
            return _blocks.Value?.Open(wanted.Number, wanted.Size) ?? new MeteredStream(Kind == ContainerKind.SolidSevenZip ? OpenNext(wanted) : wanted.Within.OpenEntryStream(), _meter);
        }
        catch (Exception broken) when (ArchiveFaults.IsBroken(broken))
        {
            throw RefusedException.Corrupt("The entry's block cannot be unpacked.");
        }
    }

    /// <summary>The library has all directories first, and then the files as they are stored.</summary>
    private EntryStream OpenNext(SevenZipEntry wanted)
    {
        while (_pass.Value.MoveToNextEntry())
            if (!_pass.Value.Entry.IsDirectory && ++_passed == wanted.Number) return _pass.Value.OpenEntryStream();
        throw RefusedException.Missing();
    }

    /// <summary>Its list of entries stands behind the end of the file.</summary>
    private static bool EndsEarly(FileStream file) =>
        SevenZipHeader.PlaceOf(file.SafeFileHandle) is not var (start, bytes) || bytes > file.Length - start;

    public void Dispose()
    {
        if (_pass.IsValueCreated) _pass.Value.Dispose();
        if (_blocks.IsValueCreated) _blocks.Value?.Dispose();
        _archive.Dispose();
        _file.Dispose();
    }
}
