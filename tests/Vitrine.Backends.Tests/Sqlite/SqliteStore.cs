using Vitrine.Backends.Tests.Specs;
using Vitrine.Core.Alerts;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Libraries.Watching;
using Vitrine.Core.Schedules;
using Vitrine.Core.Settings;
using Vitrine.Core.Shares;
using Vitrine.Core.Statistics;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Sqlite;

/// <summary>SQLite on a real file, in a folder that goes with it.</summary>
public sealed class SqliteStore : Store
{
    private readonly string _folder;
    private readonly EmbeddedStore _store;

    private SqliteStore(string folder)
    {
        _folder = folder;
        _store = EmbeddedStore.OpenAsync(folder, Time, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
    }

    public static Task<Store> OpenAsync() => Task.FromResult<Store>(new SqliteStore(Directory.CreateTempSubdirectory("vitrine-spec-").FullName));

    internal EmbeddedStore Embedded => _store;

    public override ILedger Ledger => _store.Ledger;
    public override IBatchStore Batches => _store.Batches;
    public override IJobStore Jobs => _store.Jobs;
    public override IFailureStore Failures => _store.Failures;
    public override IAlertStore Alerts => _store.Alerts;
    public override IJobClock Clock => _store.Clock;
    public override ICatalog Catalog => _store.Catalog;
    public override ILibraryStore Libraries => _store.Libraries;
    public override ICacheFolderStore CacheFolders => _store.CacheFolders;
    public override IBlobStore Blobs => _store.Blobs;
    public override IBlobRemoval Removal => _store.Removal;
    public override IBlobUse Uses => _store.Uses;
    public override IBlobPlaces Places => _store.Places;
    public override IPresetStore Presets => _store.Presets;
    public override ILockStore Locks => _store.Locks;
    public override INodeStore Nodes => _store.Nodes;
    public override IUserStore Users => _store.Users;
    public override IExternalLoginStore ExternalLogins => _store.ExternalLogins;
    public override IShareStore Shares => _store.Shares;
    public override ISessionStore Sessions => _store.Sessions;
    public override IApiKeyStore ApiKeys => _store.ApiKeys;
    public override IAuditStore Audit => _store.Audit;
    public override ISettingStore Settings => _store.Settings;
    public override IEventFeed Events => _store.Events;
    public override IScheduleStore Schedules => _store.Schedules;
    public override IWatchStore Watching => _store.Watching;
    public override ITrashStore Trash => _store.Trash;
    public override IBrakeStore Brakes => _store.Brakes;
    public override IUnreadFileStore UnreadFiles => _store.UnreadFiles;
    public override IStatisticsStore Statistics => _store.Statistics;
    public override IUsageStore Usage => _store.Usage;

    public override async Task<long?> RowsWrittenAsync() =>
        await _store.Database.WriteAsync(Sql.Lane.Bulk, sql => sql.Number("SELECT total_changes()"), TestContext.Current.CancellationToken);

    public override async Task<long?> RoundTripsAsync() =>
        await _store.Database.PrepareAsync(Sql.Lane.Bulk, sql => sql.RoundTrips, TestContext.Current.CancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
