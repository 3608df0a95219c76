using System.Globalization;
using Vitrine.Backends.Tests.Simulation.Model;
using Vitrine.Core;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>Which history to run: on the model, or on the real store where there is a database for it.</summary>
internal sealed record HistorySettings(long Seed, InlineDatabase? Database = null, Plant Plant = Plant.None, int TraceLength = 60);

/// <summary>One history: some nodes over one store, first with faults, then without; and what holds all the time, and what must have come of it.</summary>
internal sealed class History : IDisposable
{
    /// <summary>Fake time from the end of the faults to the end of all jobs.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(30);

    private const int AuditEvery = 100;

    private readonly HistorySettings _settings;
    private readonly Scheduler _scheduler;
    private readonly Telemetry _telemetry = new();
    private readonly Bench _bench;
    private readonly Witness _witness;
    private readonly Invariants _invariants;
    private readonly Surroundings _around;
    private readonly Fleet _fleet;
    private readonly List<Library> _libraries = [];
    private readonly Adversary _adversary;
    private long _seenChanges;
    private int _checks;

    public History(HistorySettings settings)
    {
        _settings = settings;
        var chance = new Chance(settings.Seed);
        _scheduler = new(chance);
        var outside = new Process(_scheduler, "outside");
        _bench = settings.Database is { } database ? new SqlBench(database, outside.Time, settings.Plant) : new ModelBench(outside.Time, settings.Plant);
        _witness = new(_bench);
        var (world, disks) = (new World(), new Disks());
        _invariants = new(_witness, world, disks);
        var cluster = chance.Is(0.75);
        var options = Options(chance);
        _around = new(_scheduler, outside, chance, new(chance), new(_scheduler, settings.TraceLength), world, disks, _witness)
        {
            Options = options, Telemetry = _telemetry, Plant = settings.Plant,
            Batches = new WatchedBatches(_witness, _bench.Batches), Ledger = new WatchedLedger(_witness, _bench.Ledger),
            Libraries = new WatchedLibraries(_witness, _bench.Libraries), Notes = _bench.Notes, Locks = new WatchedLocks(_witness, _bench.Locks),
            Broker = cluster ? new(options.QueueLength, chance) : null,
        };
        _fleet = new(_around, cluster ? chance.Between(1, 3) : 1);
        _adversary = new(_around, _fleet, _libraries, Furnish(world, disks, chance));
    }

    public IReadOnlyDictionary<string, int> Reached => _witness.Reached;

    /// <summary>What happened, as far as the trace goes back.</summary>
    public string Told => _around.Trace.ToString();

    /// <summary>Null: all was right. Else what was wrong, with the newest of what had happened.</summary>
    public string? Run()
    {
        foreach (var library in _libraries) _adversary.Scan(library);
        _fleet.Start();
        _adversary.Start(_around.Chance.Between(4, 18));
        var all = Until(() => _adversary.IsOver, TimeSpan.MaxValue) && EndOfJobs();
        foreach (var library in _libraries) _adversary.Scan(library);
        all = all && EndOfJobs();
        foreach (var library in _libraries) _adversary.DeriveAll(library);
        if (all && EndOfJobs())
        {
            _invariants.CheckEnd(_bench.Read(whole: true));
            foreach (var library in _libraries) Comparison.Check(_witness, _around.World, library, _bench.Read(whole: true));
            foreach (var difference in _bench.Audit()) _witness.Fail(difference);
        }
        ReachEnds(_bench.Read(whole: true));
        return _witness.Violation is { } violation ? $"{violation}\n{_around.Trace}" : null;
    }

    public void Dispose()
    {
        _telemetry.Dispose();
        _bench.Dispose();
    }

    private void ReachEnds(Rows rows)
    {
        foreach (var job in rows.Jobs.Values) _witness.Reach($"jobs {job.Status}");
        foreach (var item in rows.Items.Values.Where(item => item.Outcome is not null)) _witness.Reach($"items {item.Outcome} {item.Reason}".TrimEnd());
    }

    /// <summary>Short leases and small groups, so that much happens in little time.</summary>
    private static EngineOptions Options(Chance chance) => new()
    {
        Workers = chance.Between(1, 3), LeaseSeconds = 3, OfferAgainSeconds = chance.Between(2, 8), IdleSeconds = chance.Between(1, 4),
        MessageBatchSize = chance.Between(1, 4), WindowPerWorker = chance.Between(1, 3), QueueLength = chance.Between(1, 12),
        CommitMilliseconds = chance.Between(1, 120), SettleSeconds = chance.Of([0, 1]), RetrySeconds = 1, StaleMinutes = chance.Between(1, 4), RecoverySeconds = 5,
        Deliveries = chance.Between(2, 5),
    };

    private List<CacheFolder> Furnish(World world, Disks disks, Chance chance)
    {
        for (var i = chance.Between(1, 2); i > 0; i--)
        {
            var root = world.Roots[$"/pictures/{i}"] = new($"/pictures/{i}");
            WorldChange.Fill(world, chance, root, chance.Between(2, 5), 9);
            var settings = new LibrarySettings(["thumbnail", "display"], []);
            _libraries.Add(_bench.Libraries.AddAsync(new($"library {i}", root.Path, settings, World.Mount), CancellationToken.None).GetAwaiter().GetResult()!);
        }
        var folders = new List<CacheFolder>();
        for (var i = chance.Between(1, 2); i > 0; i--)
        {
            disks.Folders[$"/cache/{i}"] = new();
            var marker = new Guid(i, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);
            folders.Add(_bench.Folders.AddAsync(new($"/cache/{i}", marker, 0, chance.Of([9L << 20, 1L << 30]), 0, []), CancellationToken.None).GetAwaiter().GetResult()!);
        }
        return folders;
    }

    private bool EndOfJobs()
    {
        if (Until(IsAllOver, Bound)) return true;
        if (_witness.Violation is not null) return false;
        var rows = _bench.Read(whole: true);
        _witness.Fail(string.Create(CultureInfo.InvariantCulture, $"{Bound} after the faults, this is not over: {Open(rows)}"));
        return false;
    }

    private static string Open(Rows rows) => string.Join("; ",
        rows.Jobs.Values.Where(job => !job.IsOver).Select(job => $"job {job.Id} {job.Handler} {job.Status} {job.Holds} {job.Accounted}/{job.Total} planned {job.Planned}")
        .Concat(rows.Batches.Values.Where(b => b.State < BatchState.Done && !rows.Jobs[b.Job].IsOver).Select(b => $"batch {b.Id} of {b.Job} {b.State} {b.NotBefore}")));

    private bool IsAllOver()
    {
        var rows = _bench.Read(whole: false);
        return rows.Jobs.Values.All(job => job.IsOver) && !rows.Batches.Values.Any(batch => batch.State == BatchState.Leased);
    }

    /// <summary>Goes on until then; false where it takes longer, or something is wrong.</summary>
    private bool Until(Func<bool> then, TimeSpan bound)
    {
        var last = bound == TimeSpan.MaxValue ? long.MaxValue : _scheduler.Now + bound.Ticks;
        var again = true;
        while (_witness.Violation is null)
        {
            if (again && then()) return true;
            if (_scheduler.Now > last || !_scheduler.Step()) return false;
            again = Check();
        }
        return false;
    }

    /// <summary>True where the step changed something.</summary>
    private bool Check()
    {
        if (_bench.Changes == _seenChanges) return false;
        _seenChanges = _bench.Changes;
        var whole = _witness.Touched || _settings.Database is null;
        _witness.Touched = false;
        _invariants.Check(_bench.Read(whole), whole);
        if (++_checks % AuditEvery == 0)
        {
            foreach (var difference in _bench.Audit()) _witness.Fail(difference);
        }
        return true;
    }
}
