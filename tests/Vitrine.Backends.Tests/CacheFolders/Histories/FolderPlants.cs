using Vitrine.Core;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;

namespace Vitrine.Backends.Tests.CacheFolders.Histories;

/// <summary>A fault that is planted into what clean-up stands on, to show that the histories find it.</summary>
internal enum FolderPlant
{
    None,

    /// <summary>Every file looks old enough.</summary>
    NoGrace,

    /// <summary>A file goes before its row.</summary>
    FileFirst,

    /// <summary>Some row is not found when names are looked for.</summary>
    ForgetsRows,

    /// <summary>A blob that nothing refers to goes at once.</summary>
    EarlyRows,

    /// <summary>Eviction deletes a file before its row is gone.</summary>
    EvictsFileFirst,

    /// <summary>Eviction does not see pins.</summary>
    EvictsPinned,

    /// <summary>The old file of a move goes before the row is set to the new one.</summary>
    MovesFileFirst,
}

internal static class FolderPlants
{
    /// <summary>The operation that shows it; null where many have to come together.</summary>
    public static string? OperationOf(FolderPlant plant) => plant switch
    {
        FolderPlant.EvictsFileFirst or FolderPlant.EvictsPinned => "evict",
        FolderPlant.MovesFileFirst => "drain",
        FolderPlant.FileFirst => "clean",
        _ => null,
    };

    public static IFolderListing Into(FolderPlant plant, IFolderListing listing) => plant == FolderPlant.NoGrace ? new AllOld(listing) : listing;

    public static IBlobStore Into(FolderPlant plant, IBlobStore blobs) => plant == FolderPlant.ForgetsRows ? new Forgetful(blobs) : blobs;

    public static IBlobRemoval Into(FolderPlant plant, IBlobRemoval removal, FolderWorld world) => plant switch
    {
        FolderPlant.FileFirst or FolderPlant.EarlyRows => new Hasty(plant, removal, world),
        _ => removal,
    };

    public static IBlobPlaces Into(FolderPlant plant, IBlobPlaces places, FolderWorld world) => plant switch
    {
        FolderPlant.EvictsFileFirst or FolderPlant.EvictsPinned or FolderPlant.MovesFileFirst => new PlacePlants(plant, places, world),
        _ => places,
    };

    private sealed class AllOld(IFolderListing listing) : IFolderListing
    {
        public IEnumerable<string> Names(string folderPath) => listing.Names(folderPath);

        public StoredFile? Look(string folderPath, string name) => listing.Look(folderPath, name) is { } file ? file with { WrittenAt = default } : null;

        public IEnumerable<StagedPlace> Staged(string folderPath) => listing.Staged(folderPath);
    }

    private sealed class Forgetful(IBlobStore blobs) : IBlobStore
    {
        public Task<Page<BlobRow>> WrittenSinceAsync(DateTimeOffset since, string? after, int limit, CancellationToken cancellation) =>
            blobs.WrittenSinceAsync(since, after, limit, cancellation);

        public Task<Page<BlobRow>> BlobsAsync(string? after, int limit, CancellationToken cancellation) => blobs.BlobsAsync(after, limit, cancellation);

        public async Task<IReadOnlySet<string>> KnownAsync(FolderId folder, IReadOnlyCollection<string> names, CancellationToken cancellation) =>
            (await blobs.KnownAsync(folder, names, cancellation)).Where(name => name[0] != '0').ToHashSet();
    }

    private sealed class Hasty(FolderPlant plant, IBlobRemoval removal, FolderWorld world) : IBlobRemoval
    {
        public Task<Page<BlobRow>> UnreferencedAsync(FolderId folder, DateTimeOffset before, string? after, int limit, CancellationToken cancellation) =>
            removal.UnreferencedAsync(folder, Early(before), after, limit, cancellation);

        public async Task<IReadOnlyList<BlobFile>> RemoveUnreferencedAsync(
            FolderId folder, IReadOnlyCollection<BlobId> blobs, DateTimeOffset before, CancellationToken cancellation)
        {
            if (plant == FolderPlant.FileFirst)
            {
                await world.DeleteFilesAsync(folder, blobs);
                world.Files.Pass();
            }
            return await removal.RemoveUnreferencedAsync(folder, blobs, Early(before), cancellation);
        }

        public Task<TakenOut> TakeOutAsync(BlobRow blob, CancellationToken cancellation) => removal.TakeOutAsync(blob, cancellation);

        public Task<string?> RecountAsync(FolderId folder, CancellationToken cancellation) => removal.RecountAsync(folder, cancellation);

        public Task<IReadOnlyList<string>> RecountAsync(int limit, CancellationToken cancellation) => removal.RecountAsync(limit, cancellation);

        private DateTimeOffset Early(DateTimeOffset before) => plant == FolderPlant.EarlyRows ? before.AddYears(1) : before;
    }
}
