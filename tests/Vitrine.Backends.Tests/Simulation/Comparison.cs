using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>At the end, what the store says of a library is what lies on the disk, and every picture that can be made was made.</summary>
internal static class Comparison
{
    public static void Check(Witness witness, World world, Library library, Rows rows)
    {
        var places = rows.Collections.Values.Where(c => c.Library == library.Id.Value).ToDictionary(c => c.Id, c => c.Path.Text);
        var images = rows.Images.Values.Where(i => i.Library == library.Id.Value).ToDictionary(i => (places[i.Collection], i.Name));
        var originals = world.Roots[library.Root].Containers.SelectMany(c => c.Value.Originals.Values.Select(o => (Place: c.Key, Original: o))).ToList();
        witness.Check(images.Count == originals.Count, $"{library.Name} has {images.Count} images, and there are {originals.Count}.");
        foreach (var (place, original) in originals)
        {
            if (!images.TryGetValue((place, original.Name), out var image)) witness.Fail($"{place}/{original.Name} of {library.Name} is not known.");
            else Check(witness, original, image, library.Settings.Presets.All(preset => rows.Links.ContainsKey((image.Id, preset))));
        }
    }

    private static void Check(Witness witness, Original original, SimImage image, bool complete)
    {
        var what = $"Image {image.Id} ({original}) is {image.State} for {image.Reason}";
        witness.Check(image.Version == original.Version, $"{what}, recorded as {image.Version}.");
        witness.Check(original.Nature switch
        {
            // One that was made anew in vain keeps what it had.
            Nature.Good => complete && (image.State == ImageState.Ready || (image.Reason is { } reason && Reason.Of(reason).Retryable)),
            Nature.Corrupt => image.State == ImageState.Failed,
            Nature.Deadly => image.State == ImageState.Failed,
            _ => image.State == ImageState.Failed || (image.State == ImageState.Ready && complete),
        }, $"{what}; it has {(complete ? "all" : "not all")} that it should have.");
    }
}
