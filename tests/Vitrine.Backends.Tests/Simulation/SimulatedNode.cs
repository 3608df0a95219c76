using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Vitrine.Backends.Memory;
using Vitrine.Core;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Files;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Libraries.Watching;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>What all nodes of a history share.</summary>
internal sealed record Surroundings(Scheduler Scheduler, Process Outside, Chance Chance, Faults Faults, Trace Trace, World World, Disks Disks, Witness Witness)
{
    public required EngineOptions Options { get; init; }
    public required IBatchStore Batches { get; init; }
    public required ILedger Ledger { get; init; }
    public required ILibraryStore Libraries { get; init; }
    public required IWatchStore Notes { get; init; }
    public required ILockStore Locks { get; init; }
    public required Telemetry Telemetry { get; init; }

    /// <summary>Null in the embedded profile: there the queue lives and dies with the node, and the next one takes over.</summary>
    public Broker? Broker { get; init; }

    public Plant Plant { get; init; }
}

/// <summary>A node with the engine's own loops and handlers, put together as the server does it.</summary>
internal sealed class SimulatedNode
{
    private static readonly Meter Meter = new("Vitrine.Simulation");

    private readonly Surroundings _around;
    private readonly Node _node;
    private readonly Signals _signals = new();
    private readonly Reach _reach = new();
    private readonly Gate _gate;
    private readonly Courier _courier;
    private readonly IBatchStore _batches;
    private readonly GatedJobs _jobs;
    private readonly GatedLibraries _libraries;
    private readonly GatedFolders _folders;
    private readonly GatedBlobs _blobs;
    private readonly SimulatedFiles _files;

    public SimulatedNode(Surroundings around, string name)
    {
        _around = around;
        _node = new(name);
        Process = new(around.Scheduler, name);
        Live = new(around.Options);
        _gate = new(Process, around);
        var queue = around.Broker is { } broker ? new BrokerQueue(broker, Process) : (IWorkQueue)new MemoryWorkQueue(around.Options.QueueLength, Process.Time, Meter);
        _courier = new(_gate, queue, around.Faults, around.Chance, around.Witness);
        _batches = new GatedBatches(_gate, around.Batches, _courier);
        _jobs = new(_gate, around.Witness.Bench.Jobs, around.Witness.Bench.Clock);
        _libraries = new(_gate, around.Libraries, around.Notes);
        _folders = new(_gate, around.Witness.Bench.Folders, around.Witness);
        _blobs = new(_gate, around.Witness.Bench.Blobs);
        _files = new(around.Disks, Process, around.Witness);
    }

    public Process Process { get; }

    /// <summary>The number of workers may change while they run.</summary>
    public LiveOptions Live { get; }

    private GatedLocks Locks => new(_gate, _around.Locks);

    public void Start() => Process.Start(async () =>
    {
        if (_around.Broker is null && !await TakeOverAsync()) return;
        foreach (var loop in Loops()) Process.Start(() => loop.RunAsync(CancellationToken.None));
    });

    /// <summary>A start that fails ends the process.</summary>
    private async Task<bool> TakeOverAsync()
    {
        try
        {
            await new TakeOver(_batches, Locks, new(_folders, _blobs, _files, _batches), new(new("node"), _around.Options, Log<TakeOver>())).StartAsync(CancellationToken.None);
            return true;
        }
        catch (InjectedFaultException)
        {
            Process.Kill();
            return false;
        }
    }

    private List<PeriodicService> Loops()
    {
        var (options, time) = (_around.Options, Process.Time);
        var keeper = new LeaseKeeper(_batches, _node, options, time, Log<LeaseKeeper>());
        var pool = new DecoderPool(
            (_, _, _) => Task.FromResult<IDecoder>(new SimulatedDecoder(_around.World, Process, _around.Faults, _around.Chance)), options.Workers, time);
        var runner = new LeaseRunner(_batches, keeper, Handlers(pool), _around.Telemetry, time);
        var settings = new WorkerSettings(_node, options, _signals, new(Live, new(time), new(), _reach, time), time);
        var duties = new Duties(Locks, options, new(_node, time, Log<Duty>()));
        var outgoing = _around.Plant == Plant.ForgetRemainder ? new ForgetfulQueue(_courier, options.MessageBatchSize) : (IWorkQueue)_courier;
        return
        [
            keeper,
            new Planner(_jobs, _batches, new GatedCatalog(_gate, _around.Witness.Bench.Catalog, _around.Chance.Between(2, 12)),
                Locks, new(_node, _signals, time, Log<Planner>())),
            duties.Give(new Dispatcher(_batches, outgoing, new(Live, _reach, _signals, _around.Telemetry), time, Log<Dispatcher>())),
            new WorkerPool(() => new(_courier, _batches, runner, settings, Log<Worker>()), new(pool), Live, new(keeper, time, Log<WorkerPool>())),
            duties.Give(new Rescuer(_batches, options, time, Log<Rescuer>())),
            new HoldKeeper(_jobs, _libraries, _folders, new(_around.World, _reach, _files, Live, _signals, time), Log<HoldKeeper>()),
            duties.Give(new Recovery(_jobs, _jobs, _signals, new(options, time, Log<Recovery>()))),
            new JobWatch(new Feed(_gate, _around), keeper, time, Log<JobWatch>()),
            new Revisits(_libraries, _libraries, _jobs, new(_around.World, _reach, _files, Live, _signals, time), Log<Revisits>()),
        ];
    }

    private BatchHandlers Handlers(DecoderPool pool)
    {
        var (options, time, telemetry) = (_around.Options, Process.Time, _around.Telemetry);
        var limits = new DecodeLimits();
        var ledger = new GatedLedger(_gate, _around.Ledger, () => _around.Faults.On && _around.Chance.Is(_around.Faults.Twice));
        var settling = new Settling(TimeSpan.FromSeconds(options.SettleSeconds), time);
        var retries = RetryPolicy.Of(options);
        var refused = new RefusedPaths(telemetry, time, Log<RefusedPaths>());
        var scan = new ScanHandler(
            pool, _libraries, _batches, ledger, new(_around.World, _reach, settling, retries, refused, limits, options, telemetry, _signals, time, Log<ScanHandler>()));
        var derivation = new Derivation(new(pool), telemetry, options, limits, time);
        var writer = new GroupWriter(new(_folders, new(_folders, _files, time)), _files, Log<GroupWriter>());
        return new(scan, new DeriveHandler(derivation, writer, ledger, _batches, new(_around.World, _reach, retries, refused, telemetry, time, Log<DeriveHandler>())));
    }

    private Listener<T> Log<T>() => new(_around.Witness, _around.Trace, Process.Name);

    /// <summary>The engine's loops catch what nobody foresaw, and log it. Here only what was injected may be caught.</summary>
    private sealed class Listener<T>(Witness witness, Trace trace, string who) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            trace.Note(who, formatter(state, exception), exception?.Message);
            if (exception is not (null or InjectedFaultException or IOException)) witness.Fail($"{who}: {formatter(state, exception)} {exception}");
        }
    }
}
