namespace Vitrine.Core;

/// <summary>The folder of the owner: database, lock, socket, settings. Absolute, without links.</summary>
public sealed record DataFolder(string Path);
