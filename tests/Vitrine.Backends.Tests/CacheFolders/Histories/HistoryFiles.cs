using Microsoft.Extensions.Time.Testing;
using Vitrine.Backends.Files;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.CacheFolders.Histories;

/// <summary>The process is gone in the middle of a step.</summary>
internal sealed class CrashException() : Exception("The process crashed, as the seed has it.");

/// <summary>The disk, which outlives processes, and what is held against those who work on it.</summary>
internal sealed class HistoryDisk(FakeTimeProvider time)
{
    /// <summary>Changes of the disk, and of blobs' places, until the process crashes; null: it does not.</summary>
    public int? CrashIn { get; set; }

    public List<string> Faults { get; } = [];

    /// <summary>When each blob was written, by name. A copy that a move made is as old as the blob: nobody awaits its row.</summary>
    public Dictionary<string, DateTimeOffset> Written { get; } = [];

    public DateTimeOffset Now => time.GetUtcNow();

    public FileDerivativeStore Real { get; } = new();
}

/// <summary>A cache folder as one process has it: files are as old as the history's clock says, and a process that crashed changes nothing more.</summary>
internal sealed class HistoryFiles(HistoryDisk disk) : IDerivativeStore
{
    private bool _dead;

    public void Create(string folderPath, Guid marker) => disk.Real.Create(folderPath, marker);

    public FolderHealth Probe(string folderPath, Guid marker) => disk.Real.Probe(folderPath, marker);

    public async Task<StagedBlob> StageAsync(string folderPath, LeaseToken lease, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        Pass();
        var staged = await disk.Real.StageAsync(folderPath, lease, name, bytes, cancellation);
        File.SetLastWriteTimeUtc(Path.Combine(folderPath, "tmp", lease.ToString()!, Path.GetFileName(name)), disk.Now.UtcDateTime);
        Stamp(folderPath, lease);
        disk.Written[name] = disk.Now;
        return new Staged(this, staged, () => Stamp(folderPath, lease));
    }

    public Stream? Open(string folderPath, string name) => disk.Real.Open(folderPath, name);

    public bool Delete(string folderPath, string name)
    {
        if (_dead) return false;
        Pass();
        return disk.Real.Delete(folderPath, name);
    }

    public void DropStaged(string folderPath, LeaseToken lease)
    {
        if (_dead) return;
        Pass();
        disk.Real.DropStaged(folderPath, lease);
    }

    public IEnumerable<StoredFile> Files(string folderPath) => disk.Real.Files(folderPath);

    /// <summary>A change, before which the process may crash.</summary>
    public void Pass()
    {
        if (_dead || (disk.CrashIn is { } left && (disk.CrashIn = left - 1) == 0))
        {
            _dead = true;
            throw new CrashException();
        }
    }

    /// <summary>The staging place and its journal change with what is in it.</summary>
    private void Stamp(string folderPath, LeaseToken lease)
    {
        var place = Path.Combine(folderPath, "tmp", lease.ToString()!);
        var journal = Path.Combine(folderPath, StagedNames.JournalOf(lease));
        if (File.Exists(journal)) File.SetLastWriteTimeUtc(journal, disk.Now.UtcDateTime);
        if (Directory.Exists(place)) Directory.SetLastWriteTimeUtc(place, disk.Now.UtcDateTime);
    }

    private sealed class Staged(HistoryFiles files, StagedBlob staged, Action stamp) : StagedBlob
    {
        public override void Publish()
        {
            files.Pass();
            staged.Publish();
            stamp();
        }

        public override void Dispose()
        {
            if (!files._dead) staged.Dispose();
        }
    }
}

/// <summary>The disk as clean-up has it: whatever it deletes has stood for the grace time.</summary>
internal sealed class Aged(HistoryFiles files, HistoryDisk disk) : IDerivativeStore
{
    public void Create(string folderPath, Guid marker) => files.Create(folderPath, marker);

    public FolderHealth Probe(string folderPath, Guid marker) => files.Probe(folderPath, marker);

    public Task<StagedBlob> StageAsync(string folderPath, LeaseToken lease, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        files.StageAsync(folderPath, lease, name, bytes, cancellation);

    public Stream? Open(string folderPath, string name) => files.Open(folderPath, name);

    public bool Delete(string folderPath, string name)
    {
        Judge(name, Path.Combine(folderPath, name));
        return files.Delete(folderPath, name);
    }

    public void DropStaged(string folderPath, LeaseToken lease)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folderPath, "tmp", lease.ToString()!))) Judge(file, file);
        files.DropStaged(folderPath, lease);
    }

    public IEnumerable<StoredFile> Files(string folderPath) => files.Files(folderPath);

    private void Judge(string name, string path)
    {
        var age = disk.Now - disk.Written.GetValueOrDefault(name, new(File.GetLastWriteTimeUtc(path)));
        if (File.Exists(path) && age < CleanUpRequest.Grace) disk.Faults.Add($"Clean-up deletes {name}, which is {age.TotalHours:0.0} hours old.");
    }
}
