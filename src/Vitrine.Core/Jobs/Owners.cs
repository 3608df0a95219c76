namespace Vitrine.Core.Jobs;

/// <summary>The library of each collection and image; what is unknown is in neither.</summary>
public sealed record Owners(IReadOnlyDictionary<CollectionId, LibraryId> Collections, IReadOnlyDictionary<ImageId, LibraryId> Images);
