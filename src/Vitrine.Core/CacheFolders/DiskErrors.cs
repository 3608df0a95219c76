using Vitrine.Core.Derivatives;

namespace Vitrine.Core.CacheFolders;

/// <summary>What the operating system says of a disk, as a fault of a folder. Pure.</summary>
public static class DiskErrors
{
    private const int NoSpace = 28;
    private const int ReadOnly = 30;
    private const int QuotaExceeded = 122;

    /// <summary>The numbers are those of Linux, which the framework keeps in the low half of HResult.</summary>
    public static FolderFault FaultOf(Exception disk) => disk switch
    {
        UnauthorizedAccessException => FolderFault.ReadOnly,
        DirectoryNotFoundException => FolderFault.Missing,
        IOException io => (io.HResult & 0xFFFF) switch
        {
            NoSpace or QuotaExceeded => FolderFault.Full,
            ReadOnly => FolderFault.ReadOnly,
            _ => FolderFault.Failing,
        },
        _ => FolderFault.Failing,
    };
}
