using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Vitrine.Backends.Tests.Postgres;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>The same histories on a real PostgreSQL: a handful each time, and with <c>VITRINE_LONG=1</c> as many as eight minutes hold, and no fewer than there have to be.</summary>
[Collection(Histories.OneAfterAnother)]
public sealed class PostgresSimulationTests
{
    private const int AtLeast = 300;
    private const int Handful = 4;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(8);

    /// <summary>Where others take the cores.</summary>
    private static readonly TimeSpan Longest = 3 * Long;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("VITRINE_LONG") is not null;

    private readonly ConcurrentDictionary<string, int> _reached = new();
    private volatile string? _failure;
    private int _histories;
    private long _seed;

    [Fact]
    public async Task EveryHistoryKeepsWhatAlwaysHolds()
    {
        var server = await PostgresServer.UseAsync();
        // Other seeds each time where there is time for many: that is what the long run is for.
        var first = _seed = IsLong ? TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() * 1_000_000 : 0;
        PostgresScratch[] scratches = IsLong ? [await server.RentAsync(), await server.RentAsync()] : [await server.RentAsync()];
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(scratches.Select(scratch => Task.Factory.StartNew(() => Run(scratch, started), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Simulation: {_histories} histories on PostgreSQL in {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s, from seed {first}.\nReached: {Told()}"));
        if (_failure is { } failure) Assert.Fail(failure);
        Assert.True(_histories >= (IsLong ? AtLeast : Handful), $"{_histories} histories.");
    }

    private void Run(PostgresScratch scratch, long started)
    {
        using var database = new InlinePostgres(scratch);
        while (_failure is null && (IsLong ? Stopwatch.GetElapsedTime(started) < (_histories < AtLeast ? Longest : Long) : _histories < Handful))
        {
            var seed = Interlocked.Increment(ref _seed);
            using var history = new History(new(seed, database));
            if (history.Run() is { } failure) _failure = string.Create(CultureInfo.InvariantCulture, $"{failure}\nOn PostgreSQL, seed {seed}.");
            foreach (var (what, count) in history.Reached) _reached.AddOrUpdate(what, count, (_, former) => former + count);
            Interlocked.Increment(ref _histories);
        }
    }

    private string Told() => string.Join("; ", _reached.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Key} {r.Value}"));
}
