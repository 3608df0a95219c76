using Vitrine.Core.Jobs;

namespace Vitrine.Imaging.Sources.Archives;

/// <summary>Unpacks one entry into memory: counted while it comes, never by what the archive claims.</summary>
internal static class EntryBytes
{
    private const int ChunkBytes = 256 << 10;

    /// <exception cref="RefusedException">The bytes are not what the archive says.</exception>
    public static void Copy(Stream from, ArchiveEntry entry, OriginalBytes into, IReadHook? hook)
    {
        uint crc = 0;
        try
        {
            while (true)
            {
                // One byte more than claimed tells a size that lies; more than that never comes out.
                var wanted = (int)Math.Min(ChunkBytes, entry.Size + 1 - into.Length);
                if (wanted == 0) break;
                var room = into.Room(wanted);
                var got = from.Read(room);
                if (got == 0) break;
                crc = Crc32.Update(crc, room[..got]);
                into.Advance(got);
                hook?.OnBytes(into.Span);
            }
        }
        catch (Exception broken) when (ArchiveFaults.IsBroken(broken))
        {
            throw RefusedException.Corrupt("The entry's packed bytes cannot be unpacked.");
        }
        if (into.Length != entry.Size) throw RefusedException.Corrupt("The entry has another size than its archive says.");
        if (entry.Crc is { } expected && crc != expected) throw RefusedException.Corrupt("The entry's checksum is wrong.");
        if (entry.Size == 0) throw new RefusedException(Outcome.Failed, Reason.Empty, "The entry has no bytes.");
    }
}
