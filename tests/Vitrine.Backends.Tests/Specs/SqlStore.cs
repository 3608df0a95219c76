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

namespace Vitrine.Backends.Tests.Specs;

/// <summary>What all backends of SQL share: the contracts are those of <see cref="Backends.Stores"/>.</summary>
public abstract class SqlStore : Store
{
    internal Stores Stores { get; private protected init; } = null!;

    public override ILedger Ledger => Stores.Ledger;
    public override IBatchStore Batches => Stores.Batches;
    public override IJobStore Jobs => Stores.Jobs;
    public override IFailureStore Failures => Stores.Failures;
    public override IAlertStore Alerts => Stores.Alerts;
    public override IJobClock Clock => Stores.Clock;
    public override ICatalog Catalog => Stores.Catalog;
    public override ILibraryStore Libraries => Stores.Libraries;
    public override ICacheFolderStore CacheFolders => Stores.CacheFolders;
    public override IBlobStore Blobs => Stores.Blobs;
    public override IBlobRemoval Removal => Stores.Removal;
    public override IBlobUse Uses => Stores.Uses;
    public override IBlobPlaces Places => Stores.Places;
    public override IPresetStore Presets => Stores.Presets;
    public override ILockStore Locks => Stores.Locks;
    public override INodeStore Nodes => Stores.Nodes;
    public override IUserStore Users => Stores.Users;
    public override IExternalLoginStore ExternalLogins => Stores.ExternalLogins;
    public override IShareStore Shares => Stores.Shares;
    public override ISessionStore Sessions => Stores.Sessions;
    public override IApiKeyStore ApiKeys => Stores.ApiKeys;
    public override IRateStore Rates => Stores.Rates;
    public override IWithdrawalStore Withdrawals => Stores.Withdrawals;
    public override IAuditStore Audit => Stores.Audit;
    public override ISettingStore Settings => Stores.Settings;
    public override IEventFeed Events => Stores.Events;
    public override IScheduleStore Schedules => Stores.Schedules;
    public override IWatchStore Watching => Stores.Watching;
    public override ITrashStore Trash => Stores.Trash;
    public override IBrakeStore Brakes => Stores.Brakes;
    public override IUnreadFileStore UnreadFiles => Stores.UnreadFiles;
    public override IStatisticsStore Statistics => Stores.Statistics;
    public override IUsageStore Usage => Stores.Usage;

    public override async Task<long?> RoundTripsAsync() =>
        await Stores.Database.PrepareAsync(Backends.Sql.Lane.Bulk, sql => sql.RoundTrips, TestContext.Current.CancellationToken);
}
