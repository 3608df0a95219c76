using System.Globalization;
using Vitrine.Core;
using Vitrine.Core.Decoding.Spooling;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Files;

/// <summary>
/// The spool as numbered files in one folder. What is in it is known to this process alone: files of a former one are deleted at the start. They are not synced,
/// since they can always be unpacked again.
/// </summary>
public sealed class FileSpool : ISpool
{
    private const string Unfinished = ".part";

    /// <summary>All files have this time, which tells with the size that a file is the one that was written.</summary>
    private static readonly DateTime Stamp = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly string _folder;
    private readonly Telemetry _telemetry;
    private readonly Lock _changing = new();
    private readonly Dictionary<SpoolKey, Entry> _entries = [];

    /// <summary>The oldest first.</summary>
    private readonly LinkedList<Entry> _order = new();

    /// <summary>Of whole files and of those that are being written.</summary>
    private long _bytes;

    private long _number;

    public FileSpool(string folder, long limitBytes, Telemetry telemetry)
    {
        (_folder, LimitBytes, _telemetry) = (folder, limitBytes, telemetry);
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(folder).Where(IsOurs)) File.Delete(file);
    }

    public long LimitBytes { get; }

    public SpooledOriginal? Find(SpoolKey key)
    {
        lock (_changing)
        {
            if (!_entries.TryGetValue(key, out var entry)) return null;
            entry.Holders++;
            return new Held(this, entry);
        }
    }

    public SpoolWriting? Begin(SpoolKey key, long size)
    {
        lock (_changing)
        {
            if (_entries.ContainsKey(key) || !MakeRoom(size)) return null;
            // The file first: a disk that refuses it must not cost its room.
            var writing = new Writing(this, new(key, (++_number).ToString(CultureInfo.InvariantCulture), size));
            _bytes += size;
            return writing;
        }
    }

    private static bool IsOurs(string path)
    {
        var name = Path.GetFileName(path);
        return (name.EndsWith(Unfinished, StringComparison.Ordinal) ? name[..^Unfinished.Length] : name).All(char.IsAsciiDigit);
    }

    private bool MakeRoom(long size)
    {
        for (var next = _order.First; _bytes + size > LimitBytes && next is not null;)
        {
            var oldest = next;
            next = next.Next;
            if (oldest.Value.Holders > 0) continue;
            File.Delete(PathOf(oldest.Value));
            _order.Remove(oldest);
            _entries.Remove(oldest.Value.Key);
            _bytes -= oldest.Value.Size;
            _telemetry.SpoolEvictions.Add();
        }
        return _bytes + size <= LimitBytes;
    }

    private string PathOf(Entry entry) => Path.Combine(_folder, entry.Name);

    private void Add(Entry entry)
    {
        lock (_changing)
        {
            // Two passes may bring the same original; the second one's file is not needed.
            if (!_entries.TryAdd(entry.Key, entry))
            {
                _bytes -= entry.Size;
                File.Delete(PathOf(entry));
                return;
            }
            _order.AddLast(entry);
        }
    }

    private sealed class Entry(SpoolKey key, string name, long size)
    {
        public SpoolKey Key => key;
        public string Name => name;
        public long Size => size;
        public int Holders { get; set; }
    }

    private sealed class Held(FileSpool spool, Entry entry)
        : SpooledOriginal(spool._folder, entry.Name, new(entry.Size, (Stamp - DateTime.UnixEpoch).Ticks * 100, 0))
    {
        private int _given;

        public override void Dispose()
        {
            if (Interlocked.Exchange(ref _given, 1) == 1) return;
            lock (spool._changing) entry.Holders--;
        }
    }

    private sealed class Writing(FileSpool spool, Entry entry) : SpoolWriting
    {
        private readonly FileStream _file = new(spool.PathOf(entry) + Unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1);
        private bool _whole;

        public override bool Append(ReadOnlySpan<byte> bytes)
        {
            _file.Write(bytes);
            if (_file.Length < entry.Size) return false;
            _file.Dispose();
            File.SetLastWriteTimeUtc(_file.Name, Stamp);
            File.Move(_file.Name, spool.PathOf(entry));
            _whole = true;
            spool.Add(entry);
            return true;
        }

        public override void Dispose()
        {
            if (_whole) return;
            _file.Dispose();
            File.Delete(_file.Name);
            lock (spool._changing) spool._bytes -= entry.Size;
            _whole = true;
        }
    }
}
