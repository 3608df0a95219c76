using Vitrine.Core.Decoding;

namespace Vitrine.Server.Health;

/// <summary>What this machine reads, as its decoders say. The system's flavour is started when somebody asks here, and ended when it is idle.</summary>
internal sealed class FormatFacts(DecoderPools pools)
{
    public async Task<IReadOnlyList<FormatState>> AllAsync(CancellationToken cancellation)
    {
        var bundled = await pools.HelloAsync(DecoderFlavour.Bundled, cancellation);
        var system = await pools.HelloAsync(DecoderFlavour.System, cancellation);
        return FormatState.All([.. bundled?.Formats ?? [], .. system?.Formats ?? []], pools.Library);
    }
}
