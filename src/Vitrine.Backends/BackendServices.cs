using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Backends.Files;
using Vitrine.Backends.Memory;
using Vitrine.Core;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Decoding;
using Vitrine.Core.Decoding.Spooling;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends;

public static class BackendServices
{
    /// <summary>
    /// The embedded profile: a store that the host has opened, files, and a queue in memory. The host opens the store before it builds
    /// its services, so that a damaged or newer database ends the start with its message; whoever builds the services ends it. Call it
    /// before <c>AddEngine</c>: hosted services start in order, and the leases of the former owner are freed before anything works.
    /// </summary>
    public static IServiceCollection AddEmbedded(this IServiceCollection services, EmbeddedStore store, int queueLength) => services
        .AddSingleton(store.Ledger)
        .AddSingleton(store.Batches)
        .AddSingleton(store.Jobs)
        .AddSingleton(store.Failures)
        .AddSingleton(store.UnreadFiles)
        .AddSingleton(store.Alerts)
        .AddSingleton(store.Clock)
        .AddSingleton(store.Catalog)
        .AddSingleton(store.Libraries)
        .AddSingleton(store.CacheFolders)
        .AddSingleton(store.Blobs)
        .AddSingleton(store.Removal)
        .AddSingleton(store.Uses)
        .AddSingleton(store.Places)
        .AddSingleton(store.Presets)
        .AddSingleton(store.Locks)
        .AddSingleton(store.Nodes)
        .AddSingleton(store.Users)
        .AddSingleton(store.ExternalLogins)
        .AddSingleton(store.Shares)
        .AddSingleton(store.Sessions)
        .AddSingleton(store.ApiKeys)
        .AddSingleton(store.Audit)
        .AddSingleton(store.Settings)
        .AddSingleton(store.Events)
        .AddSingleton(store.Schedules)
        .AddSingleton(store.Watching)
        .AddSingleton(store.Trash)
        .AddSingleton(store.Brakes)
        .AddSingleton(store.Statistics)
        .AddSingleton(store.Usage)
        .AddSingleton<IDerivativeStore, FileDerivativeStore>()
        .AddSingleton<IFolderListing, FolderListing>()
        .AddSingleton<IFolderDisk, FolderDisk>()
        .AddSingleton<ISpool>(provider => new FileSpool(
            provider.GetRequiredService<DataFolder>().Spool, provider.GetRequiredService<DecoderOptions>().SpoolBytes,
            provider.GetRequiredService<Telemetry>()))
        .AddSingleton<IWorkQueue>(provider => new MemoryWorkQueue(
            queueLength, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IMeterFactory>().Create("Vitrine")))
        .AddHostedService<TakeOver>();
}
