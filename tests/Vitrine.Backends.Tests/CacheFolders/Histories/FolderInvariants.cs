using Vitrine.Core.CacheFolders;

namespace Vitrine.Backends.Tests.CacheFolders.Histories;

/// <summary>What always holds of a cache folder, and what holds beside it once faults have stopped and all is done.</summary>
internal static class FolderInvariants
{
    /// <summary>The first thing that does not hold; null where all does.</summary>
    public static async Task<string?> ProblemAsync(FolderWorld world)
    {
        if (world.Disk.Faults.Count > 0) return world.Disk.Faults[0];
        for (var i = 0; i < 3; i++)
        {
            if (await File.ReadAllTextAsync(Path.Combine(world.Originals, $"{i}.jpg")) != $"original {i}") return $"Original {i} was touched.";
        }
        foreach (var foreign in world.Folders.SelectMany(folder => world.Foreign(folder)))
        {
            if (!File.Exists(foreign)) return $"{foreign} is not ours, and gone.";
        }
        foreach (var row in await world.RowsAsync())
        {
            if (world.Spoilt.Contains(row.Name)) continue;
            var file = new FileInfo(Path.Combine(world.PathOf(row.Folder), row.Name));
            if (!file.Exists) return $"{row.Name} has a row and no file.";
            if (file.Length != row.Size) return $"{row.Name} has {file.Length} bytes and its row says {row.Size}.";
        }
        foreach (var folder in await world.ListAsync())
        {
            if (folder.Bytes + folder.ReservedBytes > folder.LimitBytes)
                return $"Folder {folder.Id} holds {folder.Bytes} and {folder.ReservedBytes} of {folder.LimitBytes}.";
        }
        return (await world.Store.Ledger.AuditAsync(CancellationToken.None)).Differences is [var first, ..] ? first : null;
    }

    public static async Task<string?> ProblemAtRestAsync(FolderWorld world)
    {
        if (await ProblemAsync(world) is { } problem) return problem;
        var rows = (await world.RowsAsync()).Select(row => (row.Folder, row.Name)).ToHashSet();
        foreach (var folder in await world.ListAsync())
        {
            var ours = world.Disk.Real.Files(folder.Path).Where(file => file.Staged || BlobName.Parse(file.Name) is not null).ToList();
            if (ours.Find(file => !rows.Contains((folder.Id, file.Name))) is { } left) return $"{left.Name} has no row at rest.";
            if (folder.ReservedBytes != 0) return $"{folder.ReservedBytes} bytes are reserved at rest.";
            if (ours.Sum(file => file.Size) != folder.Bytes) return $"{ours.Sum(file => file.Size)} bytes on disk, and folder {folder.Id} counts {folder.Bytes}.";
            if (ours.Count != folder.Blobs) return $"{ours.Count} files on disk, and folder {folder.Id} counts {folder.Blobs}.";
        }
        return null;
    }
}
