using Vitrine.Core.Libraries;

namespace Vitrine.Core.Decoding;

/// <summary>What a decoder that starts now may read: the libraries, those that are about to be added, the spool, and the root that it is started for.</summary>
public sealed class DecoderRoots(ILibraryStore libraries, NodeRoots here, DataFolder data, RootChecks checks, ComingRoots coming)
{
    /// <param name="wanted">The root of what it is started for: of a library that was moved a moment ago it is still the former one.</param>
    public async Task<IReadOnlyList<string>> NowAsync(string? wanted, CancellationToken cancellation)
    {
        var roots = (await libraries.ListAsync(cancellation)).Select(library => here.Here(library.Root)).Append(data.Spool).ToList();
        // What will be refused as a library is no decoder's to read meanwhile: it may hold the database.
        foreach (var path in coming.Paths)
        {
            if (await checks.CheckAsync(path, self: null, cancellation) is RootAnswer.Fits fits) roots.Add(fits.Root);
        }
        return [.. (wanted is null ? roots : roots.Append(wanted)).Distinct()];
    }
}

/// <summary>Folders that the command line has named and that become libraries in a moment: a decoder that starts before need not be started again for them.</summary>
public sealed record ComingRoots(IReadOnlyList<string> Paths);
