using Vitrine.Backends.Sql;
using Vitrine.Backends.Sql.Postgres;
using Vitrine.Backends.Sql.Sqlite;
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

namespace Vitrine.Backends;

/// <summary>All contracts on one database, opened and brought up to date.</summary>
public sealed class Stores : IAsyncDisposable
{
    public const string SqliteFile = "vitrine.db";
    private readonly SqlDatabase _database;

    internal Stores(SqlDatabase database, TimeProvider time)
    {
        _database = database;
        Ledger = new SqlLedger(database, time);
        Batches = new SqlBatchStore(database, time);
        var jobs = new SqlJobStore(database, time);
        Jobs = jobs;
        Failures = new SqlFailureStore(database, jobs);
        Alerts = new SqlAlertStore(database, time);
        Clock = new SqlJobClock(database, time);
        Catalog = new SqlCatalog(database);
        var libraries = new SqlLibraryStore(database, time);
        (Libraries, Trash) = (libraries, libraries);
        Brakes = new SqlBrakeStore(database, time);
        CacheFolders = new SqlCacheFolderStore(database);
        Removal = new SqlBlobRemoval(database, time);
        var blobs = new SqlBlobStore(database);
        (Blobs, Uses) = (blobs, blobs);
        Places = new SqlBlobPlaces(database, time);
        Presets = new SqlPresetStore(database, time);
        Locks = new SqlLockStore(database, time);
        Nodes = new SqlNodeStore(database, time);
        Users = new SqlUserStore(database, time);
        ExternalLogins = new SqlExternalLoginStore(database, time);
        Shares = new SqlShareStore(database, time);
        Sessions = new SqlSessionStore(database, time);
        ApiKeys = new SqlApiKeyStore(database, time);
        Rates = new SqlRateStore(database, time);
        Withdrawals = new SqlWithdrawalStore(database);
        Audit = new SqlAuditStore(database);
        Settings = new SqlSettingStore(database);
        Events = new SqlEventFeed(database, time);
        Schedules = new SqlScheduleStore(database, time);
        Watching = new SqlWatchStore(database, time);
        UnreadFiles = new SqlUnreadFileStore(database);
        Statistics = new SqlStatisticsStore(database);
        Usage = new SqlUsageStore(database);
    }

    public ILedger Ledger { get; }
    public IBatchStore Batches { get; }
    public IJobStore Jobs { get; }
    public IFailureStore Failures { get; }
    public IAlertStore Alerts { get; }
    public IJobClock Clock { get; }
    public ICatalog Catalog { get; }
    public ILibraryStore Libraries { get; }
    public ICacheFolderStore CacheFolders { get; }
    public IBlobStore Blobs { get; }
    public IBlobRemoval Removal { get; }
    public IBlobUse Uses { get; }
    public IBlobPlaces Places { get; }
    public IPresetStore Presets { get; }
    public ILockStore Locks { get; }
    public INodeStore Nodes { get; }
    public IUserStore Users { get; }
    public IExternalLoginStore ExternalLogins { get; }
    public IShareStore Shares { get; }
    public ISessionStore Sessions { get; }
    public IApiKeyStore ApiKeys { get; }
    public IRateStore Rates { get; }
    public IWithdrawalStore Withdrawals { get; }
    public IAuditStore Audit { get; }
    public ISettingStore Settings { get; }
    public IEventFeed Events { get; }
    public IScheduleStore Schedules { get; }
    public IWatchStore Watching { get; }
    public ITrashStore Trash { get; }
    public IBrakeStore Brakes { get; }
    public IUnreadFileStore UnreadFiles { get; }
    public IStatisticsStore Statistics { get; }
    public IUsageStore Usage { get; }

    internal SqlDatabase Database => _database;

    /// <summary>On SQLite: one file in the data folder.</summary>
    /// <exception cref="StoreException">The database is damaged, or of a newer Vitrine.</exception>
    public static Task<Stores> OpenSqliteAsync(string dataFolder, TimeProvider time, CancellationToken cancellation = default) => Task.Run(() =>
    {
        Directory.CreateDirectory(dataFolder);
        return new Stores(SqliteDatabase.Open(Path.Combine(dataFolder, SqliteFile)), time);
    }, cancellation);

    /// <summary>On PostgreSQL, which several nodes share.</summary>
    /// <param name="time">A <see cref="DatabaseClock"/> is set by the database's clock from here on.</param>
    /// <exception cref="StoreException">The server or the database cannot be used: which, and what to do.</exception>
    public static Task<Stores> OpenPostgresAsync(PostgresOptions options, TimeProvider time, CancellationToken cancellation = default) =>
        Task.Run(() => new Stores(PostgresDatabase.Open(options, time as DatabaseClock), time), cancellation);

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
