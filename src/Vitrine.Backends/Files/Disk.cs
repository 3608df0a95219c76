namespace Vitrine.Backends.Files;

/// <summary>Free and total bytes of the disk under a path.</summary>
public static class Disk
{
    public static (long Free, long Total) Space(string path)
    {
        var drive = new DriveInfo(path);
        return (drive.AvailableFreeSpace, drive.TotalSize);
    }
}
