namespace Vitrine.Core;

/// <summary>The folder of the owner: database, lock, socket, settings. Absolute, without links.</summary>
public sealed record DataFolder(string Path)
{
    /// <summary>Originals of sequential containers, unpacked.</summary>
    public string Spool => System.IO.Path.Combine(Path, "spool");
}
