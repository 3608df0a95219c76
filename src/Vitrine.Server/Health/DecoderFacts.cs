using Vitrine.Core.Decoding;

namespace Vitrine.Server.Health;

/// <summary>What the decoder says of itself: asked once, since it does not change while the server runs.</summary>
internal sealed class DecoderFacts(StartDecoder start) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private Hello? _hello;

    public void Dispose() => _oneAtATime.Dispose();

    /// <summary>Null where no decoder starts; asked again the next time.</summary>
    public async ValueTask<Hello?> GetAsync(CancellationToken cancellation)
    {
        if (_hello is { } known) return known;
        await _oneAtATime.WaitAsync(cancellation);
        try
        {
            if (_hello is not null) return _hello;
            await using var decoder = await start(DecoderLane.Viewing, null, cancellation);
            return _hello = decoder.Hello;
        }
        catch (DecoderUnavailableException)
        {
            return null;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }
}
