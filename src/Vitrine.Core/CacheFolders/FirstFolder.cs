using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.CacheFolders;

/// <summary>The cache folder that a new installation begins with.</summary>
public sealed class FirstFolder(ICacheFolderStore store, IDerivativeStore files, ILockStore locks)
{
    private const string Lock = "cache-folders/first";
    private static readonly TimeSpan LockTime = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Makes it where no cache folder exists, with the limit and floor of <see cref="FolderLimits.Default"/>. Of nodes that start together one makes it: to another,
    /// that folder may not be there yet.
    /// </summary>
    public async Task<IReadOnlyList<CacheFolder>> EnsureAsync(string path, CancellationToken cancellation)
    {
        if (await store.ListAsync(cancellation) is { Count: > 0 } folders) return folders;
        if (await locks.AcquireAsync(Lock, $"{Lock}/{Guid.CreateVersion7():N}", LockTime, cancellation) is not { } grant) return [];
        try
        {
            if (await store.ListAsync(cancellation) is { Count: > 0 } made) return made;
            await MakeAsync(Path.GetFullPath(path), cancellation);
            return await store.ListAsync(cancellation);
        }
        finally
        {
            await locks.ReleaseAsync(grant, CancellationToken.None);
        }
    }

    private async Task MakeAsync(string path, CancellationToken cancellation)
    {
        var marker = Guid.NewGuid();
        files.Create(path, marker);
        var (limit, floor) = FolderLimits.Default(files.Probe(path, marker));
        await store.AddAsync(new(path, marker, Priority: 0, limit, floor, Presets: []), cancellation);
    }
}
