using System.Diagnostics;
using System.Globalization;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>
/// Many histories, one after another on one thread, in turns on the model and on SQLite. Their time is a budget of seeds: it says how many are run, and
/// nothing else.
/// </summary>
internal sealed class Histories(Plant plant = Plant.None) : IDisposable
{
    /// <summary>The collection of all tests that run histories for minutes: how many there are in that time is part of what they show.</summary>
    public const string OneAfterAnother = "histories";

    private readonly InlineSqlite _database = new(sql => SqlPlants.Rewrite(plant, sql), SqlPlants.Prepare(plant));

    /// <summary>What the first that failed says, with its seed; null where none did.</summary>
    public string? Failure { get; private set; }

    public int OnModel { get; private set; }

    public int OnSqlite { get; private set; }

    public Dictionary<string, int> Reached { get; } = [];

    public string Counts => string.Create(CultureInfo.InvariantCulture, $"{OnModel} histories on the model, {OnSqlite} on SQLite");

    /// <summary>Half of the time for each store, until the budget is used up or one fails.</summary>
    public void Run(TimeSpan budget, Func<long> nextSeed, Func<bool> stop)
    {
        var (model, sqlite) = (TimeSpan.Zero, TimeSpan.Zero);
        while (model + sqlite < budget && Failure is null && !stop())
        {
            var started = Stopwatch.GetTimestamp();
            if (model <= sqlite)
            {
                RunOne("model", nextSeed(), 60);
                model += Stopwatch.GetElapsedTime(started);
            }
            else
            {
                RunOne("sqlite", nextSeed(), 60);
                sqlite += Stopwatch.GetElapsedTime(started);
            }
        }
    }

    /// <summary>On one store alone.</summary>
    public void Run(string store, TimeSpan budget, Func<long> nextSeed)
    {
        var started = Stopwatch.GetTimestamp();
        while (Failure is null && Stopwatch.GetElapsedTime(started) < budget) RunOne(store, nextSeed(), 60);
    }

    /// <param name="store">model or sqlite.</param>
    public void RunOne(string store, long seed, int traceLength)
    {
        var again = string.Create(CultureInfo.InvariantCulture, $"Again: VITRINE_SEED={store}:{seed}");
        using var history = new History(new(seed, store == "sqlite" ? _database : null, plant, traceLength));
        try
        {
            if (history.Run() is { } failure) Failure = $"{failure}\n{again}";
        }
        catch
        {
            Console.WriteLine(again);
            throw;
        }
        foreach (var (what, count) in history.Reached) Reached[what] = Reached.GetValueOrDefault(what) + count;
        if (store == "sqlite") OnSqlite++;
        else OnModel++;
    }

    public void Dispose() => _database.Dispose();
}
