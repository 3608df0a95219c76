using System.Runtime.InteropServices;
using Vitrine.Core.Derivatives;

namespace Vitrine.Backends.Sql;

/// <summary>
/// What a lease's files take of cache folders, within one transaction: limits, budgets and the lease's reservations are read at once, taken from in memory, and what
/// was taken is written once. See <see cref="FolderRoom"/>, which counts the same.
/// </summary>
internal sealed class LeaseRoom(SqlSession sql, long token)
{
    private readonly Dictionary<long, Folder> _folders = [];
    private readonly Dictionary<(long Folder, string Preset), Budget> _budgets = [];
    private readonly Dictionary<(long Folder, string Preset), Reservation> _reservations = [];
    private readonly Dictionary<long, (long Blobs, long Bytes, long Reserved)> _ofFolders = [];
    private readonly Dictionary<(long Folder, string Preset), (long Blobs, long Bytes, long Reserved)> _ofPresets = [];

    /// <summary>Reads how these folders stand.</summary>
    public void Read(IReadOnlyCollection<long> folders)
    {
        if (folders.Count == 0) return;
        var list = SqlSession.List(folders);
        var rows = sql.Query(
            """
            SELECT f.id, f.limit_bytes - f.bytes - f.reserved, r.preset, r.bytes FROM cache_folders f LEFT JOIN reservations r ON r.folder_id = f.id AND r.token = $1
            WHERE f.id IN (SELECT value FROM json_each($2))
            """, row => (Folder: row.Long(0), Free: row.Long(1), Preset: row.TextOrNull(2), Bytes: row.LongOrNull(3)), token, list);
        foreach (var row in rows)
        {
            _folders[row.Folder] = new(row.Free);
            if (row.Preset is { } preset) _reservations[(row.Folder, preset)] = new(row.Bytes!.Value);
        }
        var budgets = sql.Query(
            "SELECT folder_id, preset, budget - bytes - reserved FROM folder_presets WHERE folder_id IN (SELECT value FROM json_each($1)) AND budget IS NOT NULL",
            row => (Place: (row.Long(0), row.Text(1)), Left: row.Long(2)), list);
        foreach (var (place, left) in budgets) _budgets[place] = new(left);
    }

    /// <summary>One more file: from the lease's reservation, and beyond it only what the folder's limit and the preset's budget leave. False: they do not.</summary>
    public bool Take(BlobFile file, string preset)
    {
        var id = file.Folder.Value;
        if (!_folders.TryGetValue(id, out var folder)) return false;
        var named = _reservations.GetValueOrDefault((id, preset));
        var own = named ?? _reservations.GetValueOrDefault((id, FolderRoom.Shared));
        var used = Math.Min(own?.Bytes ?? 0, file.Size);
        var ofPreset = named is null ? 0 : used;
        var budget = _budgets.GetValueOrDefault((id, preset));
        if (file.Size > ofPreset && budget?.Left < file.Size - ofPreset) return false;
        if (file.Size > used && folder.Free < file.Size - used) return false;

        if (own is not null) own.Take(used);
        Count(id, preset, 1, file.Size, ofPreset, used);
        return true;
    }

    /// <summary>A file goes: another one takes the place of its row.</summary>
    public void Leave(BlobFile file, string preset) => Count(file.Folder.Value, preset, -1, -file.Size, 0, 0);

    /// <summary>Writes what was taken.</summary>
    public void Write()
    {
        foreach (var (folder, (blobs, bytes, reserved)) in _ofFolders)
        {
            sql.Send("UPDATE cache_folders SET blobs = blobs + $2, bytes = bytes + $3, reserved = reserved - $4 WHERE id = $1", folder, blobs, bytes, reserved);
        }
        foreach (var ((folder, preset), (blobs, bytes, reserved)) in _ofPresets) FolderRoom.CountPreset(sql, folder, preset, blobs, bytes, -reserved);
        foreach (var ((folder, preset), reservation) in _reservations.Where(reservation => reservation.Value.Taken > 0))
        {
            sql.Send("UPDATE reservations SET bytes = bytes - $4 WHERE token = $1 AND folder_id = $2 AND preset = $3", token, folder, preset, reservation.Taken);
        }
    }

    /// <param name="ofPreset">Taken from a reservation of the preset's own.</param>
    /// <param name="ofLease">Taken from any reservation.</param>
    private void Count(long folder, string preset, long blobs, long bytes, long ofPreset, long ofLease)
    {
        if (_folders.TryGetValue(folder, out var known)) known.Free -= bytes - ofLease;
        if (_budgets.TryGetValue((folder, preset), out var budget)) budget.Left -= bytes - ofPreset;
        Add(ref CollectionsMarshal.GetValueRefOrAddDefault(_ofFolders, folder, out _), ofLease);
        Add(ref CollectionsMarshal.GetValueRefOrAddDefault(_ofPresets, (folder, preset), out _), ofPreset);

        void Add(ref (long Blobs, long Bytes, long Reserved) sum, long reserved) => sum = (sum.Blobs + blobs, sum.Bytes + bytes, sum.Reserved + reserved);
    }

    private sealed class Folder(long free)
    {
        public long Free { get; set; } = free;
    }

    private sealed class Budget(long left)
    {
        public long Left { get; set; } = left;
    }

    private sealed class Reservation(long bytes)
    {
        public long Bytes { get; private set; } = bytes;
        public long Taken { get; private set; }

        public void Take(long used) => (Bytes, Taken) = (Bytes - used, Taken + used);
    }
}
