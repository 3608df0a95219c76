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
        foreach (var foreign in new[] { "letter.txt", "ab/cd/holiday.webp" })
        {
            if (!File.Exists(Path.Combine(world.Cache, foreign))) return $"{foreign} is not ours, and gone.";
        }
        foreach (var row in await world.RowsAsync())
        {
            if (world.Spoilt.Contains(row.Name)) continue;
            var file = new FileInfo(Path.Combine(world.Cache, row.Name));
            if (!file.Exists) return $"{row.Name} has a row and no file.";
            if (file.Length != row.Size) return $"{row.Name} has {file.Length} bytes and its row says {row.Size}.";
        }
        var folder = await world.FolderAsync();
        if (folder.Bytes + folder.ReservedBytes > folder.LimitBytes) return $"The folder holds {folder.Bytes} and {folder.ReservedBytes} of {folder.LimitBytes}.";
        return (await world.Store.Ledger.AuditAsync(CancellationToken.None)).Differences is [var first, ..] ? first : null;
    }

    public static async Task<string?> ProblemAtRestAsync(FolderWorld world)
    {
        if (await ProblemAsync(world) is { } problem) return problem;
        var ours = world.Disk.Real.Files(world.Cache).Where(file => file.Staged || BlobName.Parse(file.Name) is not null).ToList();
        var rows = (await world.RowsAsync()).Select(row => row.Name).ToHashSet();
        if (ours.Find(file => !rows.Contains(file.Name)) is { } left) return $"{left.Name} has no row at rest.";
        var folder = await world.FolderAsync();
        if (folder.ReservedBytes != 0) return $"{folder.ReservedBytes} bytes are reserved at rest.";
        if (ours.Sum(file => file.Size) != folder.Bytes) return $"{ours.Sum(file => file.Size)} bytes on disk, and the folder counts {folder.Bytes}.";
        return ours.Count != folder.Blobs ? $"{ours.Count} files on disk, and the folder counts {folder.Blobs}." : null;
    }
}
