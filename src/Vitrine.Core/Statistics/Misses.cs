using Vitrine.Core.Libraries;

namespace Vitrine.Core.Statistics;

/// <summary>Tells a miss from a picture that is made for the first time: only what had been ready once was missed.</summary>
public sealed class Misses(Usage usage, IUsageStore store)
{
    /// <param name="lost">Its row is there and its file is not.</param>
    public async Task NoteAsync(Image image, string preset, bool lost, CancellationToken cancellation)
    {
        if (lost || await store.WasEvictedAsync(image.Summary.Id, preset, cancellation)) usage.Miss(new(image.Library, image.Summary.Collection, preset));
    }
}
