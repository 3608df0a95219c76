using Vitrine.Core.Derivatives;

namespace Vitrine.Core.CacheFolders;

/// <summary>
/// Whether a folder takes a file of a picture's size. A quota or a nearly full disk takes the one byte of a look, and refuses what a job then writes: the job would
/// be let go on, and decode for nothing, again and again.
/// </summary>
public static class WriteTrial
{
    private static readonly byte[] Bytes = new byte[256 << 10];

    public static async Task<bool> TakesFilesAsync(this IDerivativeStore files, string folderPath, CancellationToken cancellation)
    {
        try
        {
            // No lease has this token, and nothing is published.
            using (await files.StageAsync(folderPath, default, "trial.webp", Bytes, cancellation)) { }
            files.DropStaged(folderPath, default);
            return true;
        }
        catch (Exception disk) when (disk is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
