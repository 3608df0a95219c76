using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Decoding.Spooling;

/// <summary>
/// Brings originals of sequential containers into the spool. One pass over a container serves all who wait for something in it, and goes on behind what was
/// asked for: whoever looks at the next page finds it unpacked.
/// </summary>
public sealed partial class SpoolPasses(ISpool spool, DecoderPool pool, DecodeLimits limits, Telemetry telemetry, ILogger<SpoolPasses> logger) : IAsyncDisposable
{
    /// <summary>A pass takes so much of the spool, and leaves the rest to other containers.</summary>
    private const int Share = 2;

    private readonly ConcurrentDictionary<(CollectionId Collection, SourceVersion Version), Pass> _running = [];
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>
    /// The original, held, as soon as it is unpacked; null where it cannot be had this way: the spool is off or too small for it, the disk is full, or the
    /// container cannot be read up to there.
    /// </summary>
    public async Task<SpooledOriginal?> GetAsync(ContainerPlace place, SpoolKey key, CancellationToken cancellation)
    {
        // A container whose first scan has not ended has no version that its originals could be kept under.
        if (place.Version is null || key.Container == default || key.Version.Size > spool.LimitBytes / Share) return null;
        while (true)
        {
            if (Find(key) is { } found) return found;
            var own = new Pass(place, key);
            var pass = _running.GetOrAdd((key.Collection, key.Container), own);
            if (pass == own) pass.Work = RunAsync(pass);
            if (await pass.WaitAsync(key, () => Has(key), cancellation) || pass == own) return Find(key);
        }
    }

    /// <summary>What is there already.</summary>
    public SpooledOriginal? Find(SpoolKey key)
    {
        var found = spool.Find(key);
        if (found is not null) telemetry.SpoolReads.Add();
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        foreach (var pass in _running.Values) await pass.Work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _stopping.Dispose();
    }

    private bool Has(SpoolKey key)
    {
        using var held = spool.Find(key);
        return held is not null;
    }

    private async Task RunAsync(Pass pass)
    {
        await Task.Yield();
        try
        {
            await ReadAsync(pass);
        }
        catch (Exception failure) when (failure is DecoderDiedException or DecoderUnavailableException or IOException or OperationCanceledException)
        {
            LogEnded(logger, pass.Key.Collection, failure.Message);
        }
        finally
        {
            _running.TryRemove((pass.Key.Collection, pass.Key.Container), out _);
            pass.End();
        }
    }

    private async Task ReadAsync(Pass pass)
    {
        var wanted = pass.Key;
        var request = new SpoolRequest(pass.Place, wanted.RawName.Bytes, wanted.Occurrence, wanted.Version, spool.LimitBytes / Share, limits);
        await using var rental = await pool.RentAsync(DecoderLane.Spooling, pass.Place.Root, _stopping.Token);
        telemetry.SpoolPasses.Add();
        SpoolWriting? writing = null;
        try
        {
            var key = wanted;
            await foreach (var frame in rental.Decoder.AskAsync(request, limits, _stopping.Token))
            {
                switch (frame.Message)
                {
                    case OriginalBegins begins:
                        writing?.Dispose();
                        key = wanted with { RawName = new(begins.RawName), Occurrence = begins.Occurrence, Version = begins.Version };
                        writing = spool.Begin(key, begins.Version.Size);
                        break;
                    case DataBytes when writing?.Append(frame.Body.Span) == true:
                        telemetry.SpoolWrites.Add();
                        pass.Arrived(key);
                        break;
                    case ReadEnd { Reason: { } reason }:
                        LogEnded(logger, wanted.Collection, reason);
                        break;
                }
                Frames.GiveBack(frame.Body);
            }
        }
        finally
        {
            writing?.Dispose();
        }
    }

    [LoggerMessage(180, LogLevel.Information, "A pass over collection {Collection} ended early: {Reason}")]
    private static partial void LogEnded(ILogger logger, CollectionId collection, string reason);

    /// <summary>One pass, and those who wait for something of it.</summary>
    private sealed class Pass(ContainerPlace place, SpoolKey key)
    {
        private readonly Lock _changing = new();
        private readonly List<(SpoolKey Key, TaskCompletionSource<bool> Arrival)> _waiting = [];
        private bool _ended;

        public ContainerPlace Place => place;
        public SpoolKey Key => key;
        public Task Work { get; set; } = Task.CompletedTask;

        /// <summary>False: the pass ended without it.</summary>
        /// <param name="isThere">Asked once the wait has begun: it may have come just before.</param>
        public Task<bool> WaitAsync(SpoolKey wanted, Func<bool> isThere, CancellationToken cancellation)
        {
            var arrival = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_changing)
            {
                if (_ended) return Task.FromResult(isThere());
                _waiting.Add((wanted, arrival));
            }
            return isThere() ? Task.FromResult(true) : arrival.Task.WaitAsync(cancellation);
        }

        public void Arrived(SpoolKey arrived) => Tell(waiting => waiting.Key == arrived, true);

        public void End()
        {
            lock (_changing) _ended = true;
            Tell(_ => true, false);
        }

        private void Tell(Predicate<(SpoolKey Key, TaskCompletionSource<bool> Arrival)> whom, bool there)
        {
            lock (_changing)
            {
                foreach (var (_, arrival) in _waiting.FindAll(whom)) arrival.TrySetResult(there);
                _waiting.RemoveAll(whom);
            }
        }
    }
}
