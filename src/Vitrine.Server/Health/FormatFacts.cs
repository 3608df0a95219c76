using Vitrine.Core.Decoding;

namespace Vitrine.Server.Health;

/// <summary>What this machine reads, as its decoders say. The system's flavour is started when somebody asks here, and ended when it is idle.</summary>
internal sealed class FormatFacts(DecoderFacts bundled, DecoderPools pools)
{
    private IReadOnlyList<string>? _system;

    public async Task<IReadOnlyList<FormatState>> AllAsync(CancellationToken cancellation)
    {
        var read = (await bundled.GetAsync(cancellation))?.Formats ?? [];
        return FormatState.All([.. read, .. await SystemAsync(cancellation)], pools.Library);
    }

    private async Task<IReadOnlyList<string>> SystemAsync(CancellationToken cancellation)
    {
        if (pools.Library.Folder is null) return [];
        if (_system is { } known) return known;
        try
        {
            await using var rental = await pools.RentAsync(DecoderLane.Viewing, DecoderFlavour.System, null, cancellation);
            return _system = rental.Decoder.Hello.Formats;
        }
        catch (DecoderUnavailableException)
        {
            return [];
        }
    }
}
