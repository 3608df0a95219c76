namespace Vitrine.Core.Decoding;

/// <summary>
/// The pools of both flavours. The system's is empty until a picture needs it, and empty again a minute after the last one: each worker has one decoder
/// in hand at a time, whichever flavour that is.
/// </summary>
public sealed class DecoderPools(DecoderPool bundled, DecoderPool? system = null, SystemLibrary? library = null) : IAsyncDisposable
{
    public DecoderPool Bundled => bundled;

    public SystemLibrary Library { get; } = system is null ? SystemLibrary.None : library ?? SystemLibrary.None;

    /// <exception cref="DecoderUnavailableException">No decoder of this flavour starts here.</exception>
    public Task<DecoderRental> RentAsync(DecoderLane lane, DecoderFlavour flavour, string? root, CancellationToken cancellation) => flavour switch
    {
        DecoderFlavour.Bundled => bundled.RentAsync(lane, root, cancellation),
        _ => system?.RentAsync(lane, root, cancellation) ?? throw new DecoderUnavailableException("There is no libvips of the system here."),
    };

    /// <summary>What decoders of this flavour say of themselves; null where none starts here.</summary>
    public async Task<Hello?> HelloAsync(DecoderFlavour flavour, CancellationToken cancellation)
    {
        try
        {
            return (flavour == DecoderFlavour.Bundled ? bundled : system) is { } pool ? await pool.HelloAsync(cancellation) : null;
        }
        catch (DecoderUnavailableException)
        {
            return null;
        }
    }

    /// <summary>What is recorded with failures that a decoder judged: both flavours, since another one of either may judge otherwise.</summary>
    public string VersionOf(Hello bundledHello) => bundledHello.Decoder + Library.Version;

    public void Resize(int workers)
    {
        bundled.Resize(workers);
        system?.Resize(workers);
    }

    public void Renew()
    {
        bundled.Renew();
        system?.Renew();
    }

    public async Task EndIdleAsync()
    {
        await bundled.EndIdleAsync();
        if (system is not null) await system.EndIdleAsync();
    }

    /// <summary>Ends the system's decoders; the bundled pool belongs to who made it.</summary>
    public ValueTask DisposeAsync() => system?.DisposeAsync() ?? ValueTask.CompletedTask;
}
