using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Core.Statistics;

/// <summary>What making the missing presets of one image came to.</summary>
/// <param name="Bytes">By preset; 0 where nothing could be made.</param>
public sealed record MadeImage(DrawnImage Image, IReadOnlyDictionary<string, long> Bytes, TimeSpan Processor)
{
    public long Total => Bytes.Values.Sum();

    public ImageClass Class => ImageClass.Of(Image);
}

/// <summary>Makes derivatives as a worker does, and throws them away: no file, no row, no lease.</summary>
public sealed class SampleMaker(ICatalog catalog, IDerivation derivation, NodeRoots roots, Presets presets)
{
    private static readonly LeaseSigns Unnamed = new(_ => Task.FromResult(true), () => Task.FromResult(true));

    /// <summary>Reasons that say nothing of the picture: another one is to be taken.</summary>
    private static readonly HashSet<string> NotRead =
        [Reason.SourceMissing, Reason.SourceLink, Reason.SourceUnreadable, Reason.SourceChanged, Reason.SourceSlow, Reason.LibraryOffline, Reason.Removed];

    /// <summary>Null where it could not be read now.</summary>
    public async Task<MadeImage?> MakeAsync(DrawnImage drawn, CancellationToken cancellation)
    {
        if (await catalog.ImageAsync(Grants.All, drawn.Id, cancellation) is not { } image) return null;
        await foreach (var group in derivation.RunAsync(LeaseOf(image, drawn), DecoderLane.Viewing, Unnamed, CancellationToken.None, cancellation))
        {
            if (group is [var ended, ..]) return ended.Reason is { } reason && NotRead.Contains(reason) ? null : Made(drawn, ended);
        }
        return null;
    }

    private List<Preset> Recipes(DrawnImage drawn) => [.. drawn.Missing.Select(presets.Now.Find).OfType<Preset>()];

    private static MadeImage Made(DrawnImage drawn, DerivedItem ended) => new(
        drawn, drawn.Missing.ToDictionary(preset => preset, preset => (long)(ended.Files.FirstOrDefault(file => file.Info.Preset == preset)?.Bytes.Length ?? 0)), ended.Cost);

    /// <summary>Of no job and without a token: what it makes could not be committed.</summary>
    private Lease LeaseOf(Image image, DrawnImage drawn) => new(
        default, default, null, Handler.Derive, BatchClass.Viewing, image.Library, roots.Here(image.Root), new("", ""), image.Summary.Collection, image.Kind, image.ContainerPath,
        image.ContainerVersion, [], [new(drawn.Id.Value, image.RawName, image.Occurrence, image.Summary.Name, image.Version, Recipes(drawn), 0)], OneByOne: false, Force: false);
}
