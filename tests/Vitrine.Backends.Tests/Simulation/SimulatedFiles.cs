using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>The disks with the cache folders.</summary>
internal sealed class Disks
{
    public Dictionary<string, Disk> Folders { get; } = [];

    /// <summary>Every name that a blob ever had: none may come twice.</summary>
    public HashSet<string> Issued { get; } = [];
}

internal sealed class Disk
{
    public bool Gone { get; set; }
    public bool Failing { get; set; }
    public Dictionary<string, byte[]> Blobs { get; } = [];
    public Dictionary<long, Dictionary<string, byte[]>> Staged { get; } = [];
    public Dictionary<long, List<string>> Journals { get; } = [];
}

/// <summary>Cache folders as one process has them. What a dead process still does to them does not happen.</summary>
internal sealed class SimulatedFiles(Disks disks, Process process, Witness witness) : IDerivativeStore
{
    public void Create(string folderPath, Guid marker) => disks.Folders.TryAdd(folderPath, new());

    public FolderHealth Probe(string folderPath, Guid marker) => disks.Folders[folderPath].Gone
        ? new(FolderFault.Missing, 0, 0)
        : new(disks.Folders[folderPath].Failing ? FolderFault.ReadOnly : FolderFault.None, 1L << 40, 1L << 41);

    public Task<StagedBlob> StageAsync(string folderPath, LeaseToken lease, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var disk = Writable(folderPath);
        if (!process.IsDead)
        {
            if (!disk.Staged.TryGetValue(lease.Value, out var staged)) disk.Staged[lease.Value] = staged = [];
            staged[name] = bytes.ToArray();
        }
        return Task.FromResult<StagedBlob>(new Staged(this, folderPath, lease, name));
    }

    public Stream? Open(string folderPath, string name)
    {
        var disk = disks.Folders[folderPath];
        if (disk.Gone) return null;
        if (Core.CacheFolders.StagedNames.IsJournal(name))
        {
            var token = Core.CacheFolders.StagedNames.TokenOf(name)!.Value.Value;
            return disk.Journals.TryGetValue(token, out var lines) ? new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines))) : null;
        }
        return disk.Blobs.TryGetValue(name, out var bytes) ? new MemoryStream(bytes) : null;
    }

    public bool Delete(string folderPath, string name) => !process.IsDead && !disks.Folders[folderPath].Gone && disks.Folders[folderPath].Blobs.Remove(name);

    public void DropStaged(string folderPath, LeaseToken lease)
    {
        if (process.IsDead || disks.Folders[folderPath].Gone) return;
        disks.Folders[folderPath].Staged.Remove(lease.Value);
        disks.Folders[folderPath].Journals.Remove(lease.Value);
    }

    public IEnumerable<StoredFile> Files(string folderPath)
    {
        var disk = disks.Folders[folderPath];
        return
        [
            .. disk.Journals.Keys.Select(token => new StoredFile(Core.CacheFolders.StagedNames.JournalOf(new(token)), 1, default, true)),
            .. disk.Staged.SelectMany(s => s.Value.Keys.Select(name => new StoredFile($"tmp/{s.Key}/{Path.GetFileName(name)}", 1, default, true))),
            .. disk.Blobs.Select(b => new StoredFile(b.Key, b.Value.Length, default, false)),
        ];
    }

    private Disk Writable(string folderPath) => disks.Folders[folderPath] is { Gone: false, Failing: false } disk
        ? disk
        : throw new IOException($"{folderPath}: as the seed has it");

    private void Publish(string folderPath, LeaseToken lease, string name)
    {
        var disk = Writable(folderPath);
        if (process.IsDead) return;
        if (!disk.Staged.TryGetValue(lease.Value, out var staged) || !staged.Remove(name, out var bytes)) throw new IOException("The staging place is gone.");
        if (!disk.Journals.TryGetValue(lease.Value, out var journal)) disk.Journals[lease.Value] = journal = [];
        journal.Add(name);
        if (!disks.Issued.Add(name)) witness.Fail($"The name {name} was written twice.");
        disk.Blobs[name] = bytes;
    }

    private void Unstage(string folderPath, LeaseToken lease, string name)
    {
        if (!process.IsDead && disks.Folders[folderPath].Staged.TryGetValue(lease.Value, out var staged)) staged.Remove(name);
    }

    private sealed class Staged(SimulatedFiles files, string folderPath, LeaseToken lease, string name) : StagedBlob
    {
        public override void Publish() => files.Publish(folderPath, lease, name);

        public override void Dispose() => files.Unstage(folderPath, lease, name);
    }
}
