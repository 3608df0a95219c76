using Vitrine.Core.Libraries;

namespace Vitrine.Imaging.Sources.Archives;

/// <summary>One entry of an archive, as the archive tells it.</summary>
/// <param name="RawName">As the archive holds it; UTF-8 of it where the format holds text (7z, and most names of RAR).</param>
/// <param name="Name">For people.</param>
/// <param name="Occurrence">0 for the first entry of this name, 1 for the second.</param>
/// <param name="Size">Unpacked bytes that it claims; negative where that cannot be.</param>
/// <param name="Stamp">CRC-32 of its bytes, or what the format has in its place: tells beside the size whether it is still the same.</param>
internal abstract record ArchiveEntry(byte[] RawName, string Name, int Occurrence, long Size, long Stamp)
{
    /// <summary>Packed bytes; null where they are those of others too.</summary>
    public virtual long? PackedSize => null;

    /// <summary>What the unpacked bytes must come to; null where the format has no CRC-32, or its reader checks it.</summary>
    public virtual uint? Crc => null;

    public virtual bool IsDirectory => RawName.Length > 0 && RawName[^1] is (byte)'/' or (byte)'\\';

    public virtual bool IsEncrypted => false;

    /// <summary>A link, a device, a fifo or a socket: its bytes are no picture, or say where one is.</summary>
    public virtual bool IsSpecial => false;

    /// <summary>Something else about it that cannot be.</summary>
    public virtual bool IsBroken => false;

    public SourceVersion Version => new(Size, Stamp, 0);
}

/// <summary>Counts entries of one name, in their order.</summary>
internal sealed class Occurrences
{
    private readonly Dictionary<RawName, int> _seen = [];

    public int Of(byte[] rawName)
    {
        var key = new RawName(rawName);
        var occurrence = _seen.GetValueOrDefault(key);
        _seen[key] = occurrence + 1;
        return occurrence;
    }
}
