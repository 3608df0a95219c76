namespace Vitrine.Core;

/// <summary>The folder of the owner: lock, socket, settings and spool, and the database where no other machine has it. Absolute, without links.</summary>
public sealed record DataFolder(string Path)
{
    /// <summary>Whether the database is in it: then nobody else uses that, and a copy of the folder is a copy of all.</summary>
    public bool HoldsStore { get; init; } = true;

    /// <summary>Originals of sequential containers, unpacked.</summary>
    public string Spool => System.IO.Path.Combine(Path, "spool");
}
