using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vitrine.Backends.Files;
using Vitrine.Backends.Memory;
using Vitrine.Backends.RabbitMq;
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
    /// The contracts on a database that the host has opened. The host opens it before it builds its services, so that a damaged or newer database ends the
    /// start with its message; whoever opened it ends it.
    /// </summary>
    public static IServiceCollection AddStores(this IServiceCollection services, Stores store) => services
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
        .AddSingleton(store.Rates)
        .AddSingleton(store.Withdrawals)
        .AddSingleton(store.Audit)
        .AddSingleton(store.Settings)
        .AddSingleton(store.Events)
        .AddSingleton(store.Schedules)
        .AddSingleton(store.Watching)
        .AddSingleton(store.Trash)
        .AddSingleton(store.Brakes)
        .AddSingleton(store.Statistics)
        .AddSingleton(store.Usage);

    /// <summary>Cache folders and the spool, on the file systems of this machine.</summary>
    public static IServiceCollection AddFiles(this IServiceCollection services) => services
        .AddSingleton<FileDerivativeStore>()
        .AddSingleton<IDerivativeStore>(provider => provider.GetRequiredService<FileDerivativeStore>())
        .AddSingleton<ISmallFiles>(provider => provider.GetRequiredService<FileDerivativeStore>())
        .AddSingleton<IFolderListing, FolderListing>()
        .AddSingleton<IFolderDisk, FolderDisk>()
        .AddSingleton<ISpool>(provider => new FileSpool(
            provider.GetRequiredService<DataFolder>().Spool, provider.GetRequiredService<DecoderOptions>().SpoolBytes,
            provider.GetRequiredService<Telemetry>()));

    /// <summary>A queue within this process.</summary>
    /// <param name="length">The most batches of a class that it holds.</param>
    public static IServiceCollection AddMemoryQueue(this IServiceCollection services, int length) => services
        .AddSingleton<IWorkQueue>(provider => new MemoryWorkQueue(
            length, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IMeterFactory>().Create("Vitrine")));

    /// <summary>A queue that several nodes share. Add it before <c>AddEngine</c>: hosted services end in the opposite order, and workers give back what they have.</summary>
    /// <param name="options">Checked, and on.</param>
    /// <param name="length">The most batches of a class that it holds.</param>
    public static IServiceCollection AddRabbitQueue(this IServiceCollection services, RabbitMqOptions options, int length) => services
        .AddSingleton(provider => new RabbitMqWorkQueue(
            options, length, provider.GetRequiredService<IMeterFactory>().Create("Vitrine"), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RabbitMqWorkQueue>>()))
        .AddSingleton<IWorkQueue>(provider => provider.GetRequiredService<RabbitMqWorkQueue>())
        .AddHostedService(provider => provider.GetRequiredService<RabbitMqWorkQueue>());

    /// <summary>
    /// Leases of the former owner of the data folder are freed at the start. Only for who holds the folder's lock, which proves that owner dead; and before
    /// <c>AddEngine</c>: hosted services start in order, and the leases are freed before anything works.
    /// </summary>
    public static IServiceCollection AddTakeOver(this IServiceCollection services) => services.AddSingleton<TakeOverSettings>().AddHostedService<TakeOver>();
}
