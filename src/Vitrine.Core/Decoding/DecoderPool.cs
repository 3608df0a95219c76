using System.Collections.Concurrent;

namespace Vitrine.Core.Decoding;

/// <summary>
/// Decoders by lane: started at first use, kept while they are used, ended when idle. Renting waits for a place in the lane; disposing the
/// rental gives it back, and ends a decoder that is dead or was left in the middle of an answer.
/// </summary>
public sealed class DecoderPool(StartDecoder start, int workers, TimeProvider time) : IAsyncDisposable
{
    /// <summary>An idle decoder is ended after so long; checked when one is given back.</summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(1);

    private readonly Dictionary<DecoderLane, Lane> _lanes = new()
    {
        [DecoderLane.Work] = new(workers),
        [DecoderLane.Viewing] = new(1),
        [DecoderLane.Large] = new(1),
        [DecoderLane.Reading] = new(2),
    };

    public async Task<DecoderRental> RentAsync(DecoderLane lane, CancellationToken cancellation)
    {
        var places = _lanes[lane];
        await places.Free.TakeAsync(cancellation);
        IDecoder? decoder = null;
        try
        {
            decoder = await TakeIdleAsync(places) ?? await start(lane, cancellation);
            return new(decoder, places, this);
        }
        finally
        {
            if (decoder is null) places.Free.Give();
        }
    }

    private static async Task<IDecoder?> TakeIdleAsync(Lane lane)
    {
        while (lane.Idle.TryPop(out var idle))
        {
            if (idle.Decoder.Ready) return idle.Decoder;
            await idle.Decoder.DisposeAsync();
        }
        return null;
    }

    /// <summary>Ends decoders that nobody used for a minute.</summary>
    public async Task EndIdleAsync()
    {
        foreach (var lane in _lanes.Values)
        {
            var kept = new List<IdleDecoder>();
            while (lane.Idle.TryPop(out var idle))
            {
                if (time.GetElapsedTime(idle.Since) < IdleLimit) kept.Add(idle);
                else await idle.Decoder.DisposeAsync();
            }
            foreach (var idle in Enumerable.Reverse(kept)) lane.Idle.Push(idle);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes.Values)
        {
            while (lane.Idle.TryPop(out var idle)) await idle.Decoder.DisposeAsync();
            lane.Free.Dispose();
        }
    }

    internal async ValueTask GiveBackAsync(IDecoder decoder, Lane lane)
    {
        if (decoder.Ready) lane.Idle.Push(new(decoder, time.GetTimestamp()));
        else await decoder.DisposeAsync();
        lane.Free.Give();
    }

    internal sealed class Lane(int places)
    {
        public Permits Free { get; } = new(places, places);
        public ConcurrentStack<IdleDecoder> Idle { get; } = new();
    }

    internal readonly record struct IdleDecoder(IDecoder Decoder, long Since);
}

/// <summary>A decoder for one use.</summary>
public sealed class DecoderRental : IAsyncDisposable
{
    private readonly DecoderPool.Lane _lane;
    private readonly DecoderPool _pool;
    private int _given;

    internal DecoderRental(IDecoder decoder, DecoderPool.Lane lane, DecoderPool pool) => (Decoder, _lane, _pool) = (decoder, lane, pool);

    public IDecoder Decoder { get; }

    /// <summary>Gives the decoder back, once.</summary>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _given, 1) == 0 ? _pool.GiveBackAsync(Decoder, _lane) : ValueTask.CompletedTask;
}
