using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.CacheFolders;

/// <summary>What cache folders need at a start: no rests of dead leases.</summary>
public sealed class CacheFolderSetup(ICacheFolderStore store, IBlobStore blobs, IDerivativeStore files, IBatchStore batches)
{
    private const int PageSize = 500;

    /// <summary>
    /// Drops the staged files of tokens that are no lease any more, and what those leases published and did not commit. Tokens only grow, and leases
    /// are read after the files: what has a file and no lease is dead, and its commit is refused from then on. Answers how many tokens were dropped.
    /// </summary>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        var dropped = 0;
        foreach (var folder in await store.ListAsync(cancellation))
        {
            if (files.Probe(folder.Path, folder.Marker).Fault != FolderFault.None) continue;
            // Staged files come first, so that a folder of millions is not read through.
            var tokens = files.Files(folder.Path).TakeWhile(f => f.Staged).Select(f => StagedNames.TokenOf(f.Name)).OfType<LeaseToken>().ToHashSet();
            tokens.ExceptWith((await batches.LeasesAsync(cancellation)).Select(l => l.Token));
            foreach (var token in tokens)
            {
                await DeleteUnrecordedAsync(folder, token, cancellation);
                files.DropStaged(folder.Path, token);
            }
            dropped += tokens.Count;
        }
        return dropped;
    }

    /// <summary>Only names that carry the dead lease's own token and have no row: at most one commit group, and what its last commit did not take.</summary>
    private async Task DeleteUnrecordedAsync(CacheFolder folder, LeaseToken lease, CancellationToken cancellation)
    {
        using var journal = files.Open(folder.Path, StagedNames.JournalOf(lease));
        if (journal is null) return;
        using var reader = new StreamReader(journal);
        var names = (await reader.ReadToEndAsync(cancellation)).Split('\n').Where(name => StagedNames.MakerOf(name) == lease);
        foreach (var page in names.Chunk(PageSize))
        {
            var known = await blobs.KnownAsync(folder.Id, page, cancellation);
            foreach (var name in page.Where(name => !known.Contains(name))) files.Delete(folder.Path, name);
        }
    }
}
