namespace Vitrine.Core.CacheFolders;

/// <summary>
/// Before anything is read or written: who we are, and whether the folders that our rows name are ours. A data folder that was moved takes the cache folders
/// within it along; a copy takes its own copies of those, and leaves all others to the installation that it was copied from.
/// </summary>
public sealed class FolderAdoption(ICacheFolderStore store, IFolderDisk disk, Installation installation, DataFolder data)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        await installation.IdentifyAsync(cancellation);
        foreach (var folder in await store.ListAsync(cancellation))
        {
            var path = installation.Rebased(folder.Path);
            if (path != folder.Path && MarkerAt(path)?.Id == folder.Marker)
            {
                var moved = new NewCacheFolder(path, folder.Marker, folder.Priority, folder.LimitBytes, folder.FloorBytes, folder.Presets, Draining: folder.Draining);
                await store.UpdateAsync(folder.Id, moved, folder.Active, cancellation);
            }
            else
            {
                path = folder.Path;
            }
            if (MarkerAt(path) is { } marker && marker.Id == folder.Marker && Claims(marker, path)) disk.Mark(path, folder.Marker);
        }
    }

    /// <summary>Folders of an earlier version name nobody; what stands in our own data folder is ours, whoever it was copied from.</summary>
    private bool Claims(FolderMarker marker, string path) =>
        marker.Installation is null || (marker.Installation != installation.Id && path.StartsWith($"{data.Path}/", StringComparison.Ordinal));

    private FolderMarker? MarkerAt(string path)
    {
        try
        {
            return disk.Look(path).Marker;
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be looked at now has an alert of its own.
            return null;
        }
    }
}
