namespace Vitrine.Core.Derivatives;

/// <summary>An image's link, for one preset, to a blob, with all that serving it needs.</summary>
/// <param name="Hash">SHA-256 of the blob's bytes, 64 lower-case hex digits: the ETag and the <c>v=</c> of the URL.</param>
/// <param name="ContentType">Of the bytes themselves, never of the original.</param>
/// <param name="Partial">Made from a damaged original.</param>
/// <param name="Recipe">Which recipe made it (<see cref="Derivatives.Preset.Recipe"/>).</param>
public sealed record Derivative(
    string Preset, BlobId Blob, FolderId Folder, string FolderPath, string FileName, long Size, string Hash, string ContentType, int Width, int Height, bool Partial,
    long Recipe);

/// <summary>A derivative that a worker made, as the commit receives it.</summary>
/// <param name="File">The new file, already under its final name; null to link to the row that the key has.</param>
public sealed record MadeDerivative(Preset Preset, DerivativeKey Key, BlobFile? File, int Width, int Height, string ContentType, bool Partial);

/// <param name="Name">Name within the folder, slash-separated; issued once and never again.</param>
/// <param name="Hash">SHA-256 of the bytes, lower-case hex.</param>
public sealed record BlobFile(FolderId Folder, string Name, long Size, string Hash);
