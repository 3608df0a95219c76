using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Vitrine.Core.Alerts;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Decoding;
using Vitrine.Core.Decoding.Spooling;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Files;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Libraries.Watching;
using Vitrine.Core.Schedules;
using Vitrine.Core.Statistics;

namespace Vitrine.Core;

/// <summary>
/// Puts the engine together. It needs the contracts of a profile, a <see cref="Node"/> with its <see cref="NodeRoots"/>, a <see cref="TimeProvider"/> and the options
/// <see cref="EngineOptions"/>, <see cref="DecodeLimits"/> and <see cref="DecoderOptions"/>, all as singletons.
/// </summary>
public static class CoreServices
{
    /// <summary>What makes derivatives on demand and reads originals, and, where the options enable it, what works on jobs.</summary>
    public static IServiceCollection AddEngine(this IServiceCollection services, EngineOptions options)
    {
        services.AddSingleton<Telemetry>();
        services.AddSingleton<RefusedPaths>();
        services.AddSingleton<IRootProbe>(provider => provider.GetRequiredService<NodeRoots>());
        services.AddSingleton<Signals>();
        services.AddSingleton(new LiveOptions(options));
        AddHosted<EngineTuning>(services);
        services.AddSingleton<DutySettings>();
        services.AddSingleton<Duties>();
        AddDecoding(services, options);
        AddHandlers(services);
        services.AddSingleton<Reach>();
        services.AddSingleton<ReachSettings>();
        services.AddSingleton<RootChecks>();
        services.AddHostedService<ReachLook>();
        AddHosted<LeaseKeeper>(services);
        services.AddHostedService<JobWatch>();
        services.AddSingleton<LeaseRunner>();
        services.AddSingleton<Viewing>();
        services.AddSingleton<Workforce>();
        services.AddSingleton<OnDemandSettings>();
        services.AddSingleton<OnDemand>();
        services.AddSingleton<ReadAheadSettings>();
        AddHosted<ReadAhead>(services);
        services.AddSingleton<OpenView>();
        AddHosted<Presets>(services);
        services.AddSingleton<PresetService>();
        services.AddSingleton<Originals>();
        AddCacheFolders(services);
        services.AddSingleton<BeatSettings>();
        AddHosted<NodeBeat>(services);
        services.AddSingleton<RecoverySettings>();
        AddDuty<Recovery>(services);
        AddDuty<History>(services);
        services.AddSingleton<WorkerAlertStores>().AddSingleton<WorkerAlertSettings>();
        AddDuty<WorkerAlert>(services);
        AddHosted<MemoryAlert>(services);
        AddHosted<AlertLog>(services);
        AddHosted<RefusedPathAlert>(services);
        services.AddSingleton<ScheduleService>();
        services.AddSingleton<WatchSettings>();
        services.AddSingleton<LibraryWatching>();
        AddStatistics(services);
        if (options.Enabled) AddLoops(services);
        return services;
    }

    private static void AddDecoding(IServiceCollection services, EngineOptions options)
    {
        services.AddSingleton(provider => SystemLibrary.Find(provider.GetRequiredService<DecoderOptions>()));
        services.TryAddSingleton(new ComingRoots([]));
        services.AddSingleton<DecoderRoots>();
        services.AddSingleton(provider => Start(provider, null));
        services.AddSingleton(provider => new DecoderPool(
            provider.GetRequiredService<StartDecoder>(), options.WorkerCount, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new DecoderPools(provider.GetRequiredService<DecoderPool>(), SystemPool(provider, options), provider.GetRequiredService<SystemLibrary>()));
        services.AddSingleton<Derivation>();
        services.AddSingleton<SpoolPasses>();
        services.AddSingleton<SpooledDerivation>();
        services.AddSingleton<IDerivation>(provider => ActivatorUtilities.CreateInstance<ShrinkingDerivation>(provider, provider.GetRequiredService<SpooledDerivation>()));
    }

    private static DecoderPool? SystemPool(IServiceProvider provider, EngineOptions options) =>
        provider.GetRequiredService<SystemLibrary>() is { Folder: not null } library
            ? new(Start(provider, library), options.WorkerCount, provider.GetRequiredService<TimeProvider>())
            : null;

    private static StartDecoder Start(IServiceProvider provider, SystemLibrary? library)
    {
        var limits = provider.GetRequiredService<DecodeLimits>();
        var path = provider.GetRequiredService<DecoderOptions>().ResolvedPath;
        var time = provider.GetRequiredService<TimeProvider>();
        var live = provider.GetRequiredService<LiveOptions>();
        var roots = provider.GetRequiredService<DecoderRoots>();
        return async (lane, root, cancellation) =>
        {
            var command = Command(path, lane, limits, live.Current) with { Library = library, Roots = await roots.NowAsync(root, cancellation) };
            return await DecoderProcess.StartAsync(command, time, cancellation);
        };
    }

    /// <summary>Memory by what the lane takes; a low priority for all but what somebody waits for.</summary>
    private static DecoderCommand Command(string path, DecoderLane lane, DecodeLimits limits, EngineOptions options) => new(
        path,
        lane == DecoderLane.Large ? limits.LargeChildMemoryBytes : limits.ChildMemoryBytes,
        lane is DecoderLane.Viewing or DecoderLane.Reading or DecoderLane.Spooling ? 0 : options.Nice);

    private static void AddCacheFolders(IServiceCollection services)
    {
        services.AddSingleton<Installation>();
        services.AddSingleton<CacheFolderSetup>().AddSingleton<FirstFolder>();
        services.AddSingleton<FolderAdoption>();
        services.AddSingleton<FolderStates>();
        services.AddSingleton<FolderPlaces>();
        services.AddSingleton<EvictorSettings>();
        services.AddSingleton<Evictor>();
        services.AddSingleton<DrainSettings>();
        services.AddSingleton<Drainer>();
        services.AddSingleton<TornFiles>();
        services.AddSingleton(provider => new CheckpointSettings(
            provider.GetRequiredService<CacheOptions>(), CheckpointSettings.ReadBoot(), provider.GetRequiredService<DataFolder>().HoldsStore ? "" : $"/{provider.GetRequiredService<Node>().Home}",
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Checkpoints>>()));
        services.AddSingleton<FolderServiceSettings>();
        services.AddSingleton<CacheFolderService>();
        services.AddSingleton<Verifier>();
        services.AddSingleton<VerifyRun>();
        services.AddSingleton<BlobRepair>();
        services.AddSingleton<CleanUpSettings>();
        services.AddSingleton<CleanUp>();
        services.AddSingleton<Reconciler>();
    }

    private static void AddHandlers(IServiceCollection services)
    {
        services.AddSingleton(provider => new Settling(
            TimeSpan.FromSeconds(provider.GetRequiredService<EngineOptions>().SettleSeconds), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => RetryPolicy.Of(provider.GetRequiredService<EngineOptions>()));
        services.AddSingleton<ScanSettings>();
        services.AddSingleton<ScanHandler>();
        services.AddSingleton<Room>();
        services.AddSingleton<GroupWriter>();
        services.AddSingleton<DeriveSettings>();
        services.AddSingleton<DeriveHandler>();
        services.AddSingleton(provider => new BatchHandlers(provider.GetRequiredService<ScanHandler>(), provider.GetRequiredService<DeriveHandler>()));
    }

    private static void AddLoops(IServiceCollection services)
    {
        services.AddSingleton<DispatchSettings>();
        services.AddSingleton<PlannerSettings>();
        services.AddSingleton<WorkGate>();
        services.AddSingleton<WorkerSettings>();
        services.AddSingleton<HoldChecks>();
        services.AddTransient<Worker>();
        services.AddSingleton<Func<Worker>>(provider => provider.GetRequiredService<Worker>);
        services.AddSingleton<PoolSettings>();
        services.AddHostedService<WorkerPool>();
        services.AddHostedService<Planner>();
        AddDuty<Dispatcher>(services);
        AddDuty<Rescuer>(services);
        services.AddHostedService<HoldKeeper>();
        AddDuty<Revisits>(services);
        services.AddSingleton<RemovalSettings>();
        AddDuty<Removals>(services);
        services.AddHostedService<UpgradeRetry>();
        services.AddSingleton<DailyCleanUpSettings>();
        services.AddHostedService<DailyCleanUp>();
        services.AddHostedService(provider => provider.GetRequiredService<LibraryWatching>());
        AddSchedules(services);
        services.AddHostedService(provider => provider.GetRequiredService<Evictor>());
        services.AddHostedService(provider => provider.GetRequiredService<Drainer>());
        AddDuty<FolderAlerts>(services);
        services.AddHostedService<RoomAlert>();
        services.AddHostedService<Checkpoints>();
    }

    private static void AddStatistics(IServiceCollection services)
    {
        services.AddSingleton<Usage>();
        services.AddSingleton<Misses>();
        services.AddSingleton<StorageLook>();
        services.AddSingleton<EffectivenessReport>();
        services.AddSingleton<SampleMaker>();
        services.AddSingleton<Forecaster>();
        AddHosted<UsageFlush>(services);
        AddDuty<CacheAlerts>(services);
    }

    private static void AddSchedules(IServiceCollection services)
    {
        services.AddSingleton<Maintenance>();
        services.AddSingleton<RunAct>(provider => provider.GetRequiredService<Maintenance>().RunAsync);
        services.AddSingleton<SchedulerActs>();
        services.AddSingleton<SchedulerSettings>();
        services.AddHostedService<Scheduler>();
    }

    /// <summary>Of all nodes, one runs it at a time.</summary>
    private static void AddDuty<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(IServiceCollection services) where T : PeriodicService
    {
        services.AddSingleton<T>();
        services.AddHostedService(provider => provider.GetRequiredService<Duties>().Give(provider.GetRequiredService<T>()));
    }

    private static void AddHosted<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(IServiceCollection services) where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(provider => provider.GetRequiredService<T>());
    }
}
