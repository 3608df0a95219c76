namespace Vitrine.Core.Statistics;

/// <summary>A collection, a folder and a preset in one number, so that a slot is claimed by one compare-and-set. 0 is no key.</summary>
internal static class UsageKey
{
    private const int PresetBits = 6;
    private const int FolderBits = 13;

    /// <summary>Where an id or a number is too large for its bits, it is left out: the sums stay right.</summary>
    public static long Of(CollectionId collection, FolderId folder, int preset)
    {
        var place = collection.Value < 1L << (63 - PresetBits - FolderBits) ? collection.Value : 0;
        var where = folder.Value < 1L << FolderBits ? folder.Value : 0;
        return (((place << FolderBits) | where) << PresetBits) | (long)Math.Min(preset, (1 << PresetBits) - 1);
    }

    public static CollectionId Collection(long key) => new(key >> (FolderBits + PresetBits));

    public static FolderId Folder(long key) => new((key >> PresetBits) & ((1L << FolderBits) - 1));

    public static int Preset(long key) => (int)(key & ((1L << PresetBits) - 1));
}

/// <summary>
/// Counts by key in open addressing, and a set of blobs. Many threads add; one reads, after it has taken the table from them. A table that is full counts what else
/// comes without its collection, and forgets which blob it was: some seconds later there is room again.
/// </summary>
internal sealed class UsageTable
{
    public const int Slots = 1 << 12;
    public const int BlobSlots = 1 << 13;

    /// <summary>Looks for a slot before a table counts as full.</summary>
    private const int MaxProbes = 64;

    private readonly long[] _keys = new long[Slots];
    private readonly Cell[] _cells = new Cell[Slots];
    private readonly long[] _blobs = new long[BlobSlots];
    private readonly Overflow[] _overflow = new Overflow[64];
    private int _writers;

    public void Enter() => Interlocked.Increment(ref _writers);

    public void Leave() => Interlocked.Decrement(ref _writers);

    /// <summary>Nobody enters any more, and who has is done in some nanoseconds.</summary>
    public void WaitForWriters()
    {
        var spin = new SpinWait();
        while (Volatile.Read(ref _writers) != 0) spin.SpinOnce();
    }

    public void Add(long key, long library, int hits, int misses, long bytes)
    {
        var slot = SlotOf(_keys, key);
        if (slot < 0)
        {
            AddToOverflow(key, library, hits, misses, bytes);
            return;
        }
        ref var cell = ref _cells[slot];
        cell.Library = library;
        if (hits > 0) Interlocked.Add(ref cell.Hits, hits);
        if (misses > 0) Interlocked.Add(ref cell.Misses, misses);
        if (bytes > 0) Interlocked.Add(ref cell.Bytes, bytes);
    }

    public void Use(long blob) => SlotOf(_blobs, blob);

    public UsageCounts Drain(PresetNumbers presets)
    {
        var counts = new List<UsageCount>();
        for (var i = 0; i < Slots; i++)
        {
            if (_keys[i] != 0) counts.Add(Count(_keys[i], _cells[i], presets));
        }
        foreach (var over in _overflow.Where(over => over.Key != 0)) counts.Add(Count(over.Key, over.Cell, presets));
        var blobs = _blobs.Where(blob => blob != 0).Select(blob => new BlobId(blob)).ToList();
        Array.Clear(_keys);
        Array.Clear(_cells);
        Array.Clear(_blobs);
        Array.Clear(_overflow);
        return new(counts, blobs);
    }

    private static UsageCount Count(long key, Cell cell, PresetNumbers presets) => new(
        new(cell.Library), UsageKey.Collection(key), presets.NameOf(UsageKey.Preset(key)), UsageKey.Folder(key), cell.Hits, cell.Misses, cell.Bytes);

    /// <summary>The slot that holds the key, or that it claims now; -1: there is none near.</summary>
    private static int SlotOf(long[] keys, long key)
    {
        var place = (int)(((ulong)key * 11400714819323198485UL) >> 33);
        for (var probe = 0; probe < MaxProbes; probe++)
        {
            var slot = (place + probe) & (keys.Length - 1);
            var held = Volatile.Read(ref keys[slot]);
            if (held == 0) held = Interlocked.CompareExchange(ref keys[slot], key, 0);
            if (held == key || held == 0) return slot;
        }
        return -1;
    }

    /// <summary>Rare, and so under a lock: by library and preset.</summary>
    private void AddToOverflow(long key, long library, int hits, int misses, long bytes)
    {
        var plain = UsageKey.Of(default, default, UsageKey.Preset(key));
        lock (_overflow)
        {
            for (var i = 0; i < _overflow.Length; i++)
            {
                ref var over = ref _overflow[i];
                if (over.Key != 0 && (over.Key != plain || over.Cell.Library != library)) continue;
                over.Key = plain;
                over.Cell.Library = library;
                over.Cell.Hits += hits;
                over.Cell.Misses += misses;
                over.Cell.Bytes += bytes;
                return;
            }
        }
    }

    private struct Cell
    {
        public long Library;
        public long Hits;
        public long Misses;
        public long Bytes;
    }

    private struct Overflow
    {
        public long Key;
        public Cell Cell;
    }
}
