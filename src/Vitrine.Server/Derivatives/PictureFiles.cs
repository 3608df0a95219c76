using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;

namespace Vitrine.Server.Derivatives;

/// <summary>Files of derivatives, on disks that may fail or be away.</summary>
internal sealed class PictureFiles(IDerivativeStore files, ISmallFiles smallFiles, FolderStates folders)
{
    /// <summary>All bytes of a file: in one step, or opened where links on the way to its folder, or this kernel, allow no such step. False: not there, or of another size than its row says.</summary>
    /// <param name="into">Of the size in the row.</param>
    public bool Read(Derivative derivative, Span<byte> into)
    {
        if (smallFiles.Read(derivative.FolderPath, derivative.FileName, into)) return true;
        using var content = Open(derivative);
        if (content?.Length != into.Length) return false;
        try
        {
            content.ReadExactly(into);
            return true;
        }
        catch (IOException)
        {
            // Its disk fails, or it has become shorter: as if it were not there.
            return false;
        }
    }

    /// <summary>Null where there is no such file; a disk that fails has none.</summary>
    public Stream? Open(Derivative derivative)
    {
        try
        {
            return files.Open(derivative.FolderPath, derivative.FileName);
        }
        catch (Exception disk) when (disk is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Its folder is unplugged or its disk fails. The row stands: the file will be back, and is not made twice.</summary>
    public async Task<bool> IsAwayAsync(Derivative derivative, CancellationToken cancellation)
    {
        if (IsAway(await folders.ReadAsync(cancellation), derivative)) return true;
        // What is known of the folders may be a moment older than the file's disappearance.
        folders.Refresh();
        return IsAway(await folders.ReadAsync(cancellation), derivative);
    }

    private static bool IsAway(FolderView view, Derivative derivative) =>
        view.Folders.Any(f => f.Folder.Path == derivative.FolderPath && f.Fault is FolderFault.Missing or FolderFault.NotOurs or FolderFault.Failing);
}
