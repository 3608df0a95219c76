using Microsoft.Extensions.Logging;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.CacheFolders;

/// <summary>Takes out blobs whose files are no good, so that what they showed is missing and can be made again.</summary>
public sealed partial class BlobRepair(IBlobRemoval removal, IDerivativeStore files, IJobStore jobs, ILogger<BlobRepair> logger)
{
    /// <summary>
    /// Looks once more, in a folder that is there and ours at this moment, and takes the blob out if its file is still no good. False: it was left as it is.
    /// </summary>
    public async Task<bool> TakeOutAsync(CacheFolder folder, BlobRow blob, Lacking lacking, CancellationToken cancellation)
    {
        if (files.Probe(folder.Path, folder.Marker).Fault != FolderFault.None) return false;
        if (await BlobCheck.CheckAsync(files, folder, blob, cancellation) == BlobFault.None) return false;
        TakenOut taken;
        do
        {
            taken = await removal.TakeOutAsync(blob, cancellation);
            lacking.Add(taken.Lacking);
        }
        while (taken.End == TakeOutEnd.More);
        // A row that has another file by now says nothing of this one, which its own commit deletes.
        if (taken.End == TakeOutEnd.Other) return false;
        Delete(folder, blob);
        return true;
    }

    /// <summary>Derive jobs over all that lacks something now. Answers how many.</summary>
    public async Task<int> QueueAsync(Lacking lacking, CancellationToken cancellation)
    {
        var scopes = lacking.Scopes().ToList();
        foreach (var scope in scopes) await jobs.AddAsync(new(Handler.Derive, scope), cancellation);
        return scopes.Count;
    }

    /// <summary>A disk that refuses leaves a file without a row, which clean-up takes.</summary>
    private void Delete(CacheFolder folder, BlobRow blob)
    {
        try
        {
            files.Delete(folder.Path, blob.Name);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            LogLeft(logger, blob.Name, refused.Message);
        }
    }

    [LoggerMessage(265, LogLevel.Warning, "{File} is no good and could not be deleted; clean-up does it: {Problem}")]
    private static partial void LogLeft(ILogger logger, string file, string problem);
}

/// <summary>Images that lost derivatives, gathered for jobs. Bounded: of a library with very many only that is kept, and the job is over all of it.</summary>
public sealed class Lacking
{
    /// <summary>Named by one job: some 10 KiB of its row.</summary>
    private const int MaxOfJob = 1000;

    /// <summary>Named of one library.</summary>
    private const int MaxOfLibrary = 10_000;

    private readonly Dictionary<LibraryId, OfLibrary> _libraries = [];

    public long Links { get; private set; }

    public void Add(IEnumerable<LackingImage> images)
    {
        foreach (var image in images)
        {
            Links++;
            if (!_libraries.TryGetValue(image.Library, out var library)) _libraries[image.Library] = library = new([], []);
            library.Presets.Add(image.Preset);
            if (library.Images.Count <= MaxOfLibrary) library.Images.Add(image.Image);
        }
    }

    public IEnumerable<JobScope> Scopes()
    {
        foreach (var (id, library) in _libraries)
        {
            string[] presets = [.. library.Presets.Order(StringComparer.Ordinal)];
            if (library.Images.Count > MaxOfLibrary) yield return new(id, presets);
            else foreach (var some in library.Images.Order().Chunk(MaxOfJob)) yield return new(id, presets, Images: some);
        }
    }

    private sealed record OfLibrary(HashSet<string> Presets, HashSet<ImageId> Images);
}
