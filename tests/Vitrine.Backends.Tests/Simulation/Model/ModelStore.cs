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

namespace Vitrine.Backends.Tests.Simulation.Model;

/// <summary>The model as a backend: what it has of the contracts passes their specs.</summary>
internal sealed class ModelStore : Store
{
    private readonly ModelBench _bench;

    public ModelStore() => _bench = new(Time, Plant.None);

    public static Task<Store> OpenAsync() => Task.FromResult<Store>(new ModelStore());

    public override ILedger Ledger => _bench.Ledger;
    public override IBatchStore Batches => _bench.Batches;
    public override IJobStore Jobs => _bench.Jobs;
    public override IJobClock Clock => _bench.Clock;
    public override ICatalog Catalog => _bench.Catalog;
    public override ILibraryStore Libraries => _bench.Libraries;
    public override ICacheFolderStore CacheFolders => _bench.Folders;
    public override IBlobStore Blobs => _bench.Blobs;
    public override IBlobUse Uses => throw new NotSupportedException();
    public override IBlobPlaces Places => throw new NotSupportedException();
    public override ILockStore Locks => _bench.Locks;
    public override IBlobRemoval Removal => throw new NotSupportedException();
    public override INodeStore Nodes => throw new NotSupportedException();
    public override IFailureStore Failures => throw new NotSupportedException();
    public override IAlertStore Alerts => throw new NotSupportedException();
    public override IScheduleStore Schedules => throw new NotSupportedException();
    public override IWatchStore Watching => _bench.Notes;
    public override IBrakeStore Brakes => throw new NotSupportedException();
    public override ITrashStore Trash => throw new NotSupportedException();
    public override IUnreadFileStore UnreadFiles => throw new NotSupportedException();
    public override IStatisticsStore Statistics => throw new NotSupportedException();
    public override IUsageStore Usage => throw new NotSupportedException();
    public override IPresetStore Presets => throw new NotSupportedException();
    public override IExternalLoginStore ExternalLogins => throw new NotSupportedException();
    public override IShareStore Shares => throw new NotSupportedException();
    public override IUserStore Users => throw new NotSupportedException();
    public override ISessionStore Sessions => throw new NotSupportedException();
    public override IApiKeyStore ApiKeys => throw new NotSupportedException();
    public override IRateStore Rates => throw new NotSupportedException();
    public override IWithdrawalStore Withdrawals => throw new NotSupportedException();
    public override IAuditStore Audit => throw new NotSupportedException();
    public override ISettingStore Settings => throw new NotSupportedException();
    public override IEventFeed Events => throw new NotSupportedException();

    public override ValueTask DisposeAsync()
    {
        _bench.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class ModelBatchModelSpec : BatchModelSpec
{
    protected override Task<Store> OpenAsync() => ModelStore.OpenAsync();
}

public sealed class ModelLedgerModelSpec : LedgerModelSpec
{
    protected override Task<Store> OpenAsync() => ModelStore.OpenAsync();
}
