using System.Collections.Concurrent;

namespace Vitrine.Core.Decoding;

/// <summary>
/// Decoders by lane: started at first use, kept while they are used, ended when idle. Renting waits for a place in the lane; disposing the
/// rental gives it back, and ends a decoder that is dead or was left in the middle of an answer. One that may not read what it is wanted for, since a library was
/// added, moved or mounted anew after its start, is ended, and another started in its place.
/// </summary>
public sealed class DecoderPool(StartDecoder start, int workers, TimeProvider time) : IAsyncDisposable
{
    /// <summary>An idle decoder is ended after so long; checked when one is given back.</summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(1);

    private volatile Hello? _hello;
    private int _generation;

    private readonly Dictionary<DecoderLane, Lane> _lanes = new()
    {
        [DecoderLane.Work] = new(workers),
        [DecoderLane.Viewing] = new(1),
        [DecoderLane.Large] = new(1),
        [DecoderLane.Reading] = new(2),
        [DecoderLane.Spooling] = new(2),
    };

    /// <param name="root">What it is to read; null where it is asked only what it is.</param>
    public async Task<DecoderRental> RentAsync(DecoderLane lane, string? root, CancellationToken cancellation)
    {
        var places = _lanes[lane];
        await places.EnterAsync(cancellation);
        IDecoder? decoder = null;
        try
        {
            // Before the start: one that is begun under former settings counts as old.
            var generation = Volatile.Read(ref _generation);
            decoder = await TakeIdleAsync(places, generation, root) ?? await start(lane, root, cancellation);
            _hello = decoder.Hello;
            return new(decoder, generation, places, this);
        }
        finally
        {
            if (decoder is null) places.Leave();
        }
    }

    /// <summary>What decoders of this pool say of themselves, which is the same for all while this process runs: one is started where none was yet.</summary>
    /// <exception cref="DecoderUnavailableException">None starts.</exception>
    public async Task<Hello> HelloAsync(CancellationToken cancellation)
    {
        if (_hello is { } known) return known;
        await using var rental = await RentAsync(DecoderLane.Viewing, null, cancellation);
        return rental.Decoder.Hello;
    }

    /// <summary>Decoders that work for jobs at the same time. Fewer takes effect as they are given back.</summary>
    public void Resize(int workers) => _lanes[DecoderLane.Work].Resize(workers);

    /// <summary>Those that run now are not used again once they are given back: new ones start with what is set now.</summary>
    public void Renew() => Interlocked.Increment(ref _generation);

    private static async Task<IDecoder?> TakeIdleAsync(Lane lane, int generation, string? root)
    {
        while (lane.Idle.TryPop(out var idle))
        {
            if (idle.Decoder.Ready && idle.Generation == generation && (root is null || idle.Decoder.Reaches(root))) return idle.Decoder;
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
            lane.Dispose();
        }
    }

    internal async ValueTask GiveBackAsync(IDecoder decoder, bool isSpent, int generation, Lane lane)
    {
        if (!isSpent && decoder.Ready && generation == Volatile.Read(ref _generation)) lane.Idle.Push(new(decoder, generation, time.GetTimestamp()));
        else await decoder.DisposeAsync();
        lane.Leave();
    }

    /// <summary>Places for decoders, whose number may change while they are taken.</summary>
    internal sealed class Lane(int places) : IDisposable
    {
        private readonly Permits _free = new(places);
        private readonly Lock _sizing = new();
        private int _places = places;

        /// <summary>Places that are taken and too many: they are not free again when they are left.</summary>
        private int _surplus;

        public ConcurrentStack<IdleDecoder> Idle { get; } = new();

        public Task EnterAsync(CancellationToken cancellation) => _free.TakeAsync(cancellation);

        public void Leave()
        {
            lock (_sizing)
            {
                if (_surplus > 0) _surplus--;
                else _free.Give();
            }
        }

        public void Resize(int places)
        {
            lock (_sizing)
            {
                for (; _places < places; _places++)
                {
                    if (_surplus > 0) _surplus--;
                    else _free.Give();
                }
                for (; _places > places; _places--)
                {
                    if (!_free.TryTake()) _surplus++;
                }
            }
        }

        public void Dispose() => _free.Dispose();
    }

    internal readonly record struct IdleDecoder(IDecoder Decoder, int Generation, long Since);
}

/// <summary>A decoder for one use.</summary>
public sealed class DecoderRental : IAsyncDisposable
{
    private readonly int _generation;
    private readonly DecoderPool.Lane _lane;
    private readonly DecoderPool _pool;
    private int _given;

    internal DecoderRental(IDecoder decoder, int generation, DecoderPool.Lane lane, DecoderPool pool) =>
        (Decoder, _generation, _lane, _pool) = (decoder, generation, lane, pool);

    public IDecoder Decoder { get; }

    /// <summary>Nobody else is to have it: it ends when it is given back.</summary>
    public bool IsSpent { get; set; }

    /// <summary>Gives the decoder back, once.</summary>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _given, 1) == 0 ? _pool.GiveBackAsync(Decoder, IsSpent, _generation, _lane) : ValueTask.CompletedTask;
}
