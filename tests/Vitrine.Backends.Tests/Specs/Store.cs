using Microsoft.Extensions.Time.Testing;
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

/// <summary>The contracts of one backend over an empty store of its own. What a backend's specs stand on.</summary>
public abstract class Store : IAsyncDisposable
{
    public FakeTimeProvider Time { get; } = new(new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    public abstract ILedger Ledger { get; }
    public abstract IBatchStore Batches { get; }
    public abstract IJobStore Jobs { get; }
    public abstract IFailureStore Failures { get; }
    public abstract IAlertStore Alerts { get; }
    public abstract IJobClock Clock { get; }
    public abstract ICatalog Catalog { get; }
    public abstract ILibraryStore Libraries { get; }
    public abstract ICacheFolderStore CacheFolders { get; }
    public abstract IBlobStore Blobs { get; }
    public abstract IBlobRemoval Removal { get; }
    public abstract IBlobUse Uses { get; }
    public abstract IBlobPlaces Places { get; }
    public abstract IPresetStore Presets { get; }
    public abstract ILockStore Locks { get; }
    public abstract INodeStore Nodes { get; }
    public abstract IUserStore Users { get; }
    public abstract IExternalLoginStore ExternalLogins { get; }
    public abstract IShareStore Shares { get; }
    public abstract ISessionStore Sessions { get; }
    public abstract IApiKeyStore ApiKeys { get; }
    public abstract IRateStore Rates { get; }
    public abstract IWithdrawalStore Withdrawals { get; }
    public abstract IAuditStore Audit { get; }
    public abstract ISettingStore Settings { get; }
    public abstract IEventFeed Events { get; }
    public abstract IScheduleStore Schedules { get; }
    public abstract IWatchStore Watching { get; }
    public abstract ITrashStore Trash { get; }
    public abstract IBrakeStore Brakes { get; }
    public abstract IUnreadFileStore UnreadFiles { get; }
    public abstract IStatisticsStore Statistics { get; }
    public abstract IUsageStore Usage { get; }

    /// <summary>Rows written so far, where the backend counts them; null where it does not.</summary>
    public virtual Task<long?> RowsWrittenAsync() => Task.FromResult<long?>(null);

    /// <summary>How often writes have waited for the database so far; null where there is nothing to wait for. To ask is a write itself.</summary>
    public virtual Task<long?> RoundTripsAsync() => Task.FromResult<long?>(null);

    /// <summary>So many times fewer are the rounds of the longest tests, where the backend is another process: what they prove they prove of the same code.</summary>
    public virtual int Fewer => 1;

    public abstract ValueTask DisposeAsync();
}

/// <summary>A spec: every test has a store and a story of its own.</summary>
public abstract class StoreSpec : IAsyncLifetime
{
    private Store? _store;
    private Story? _story;

    protected Store Store => _store!;
    protected Story Story => _story!;
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract Task<Store> OpenAsync();

    public async ValueTask InitializeAsync()
    {
        _store = await OpenAsync();
        _story = new(_store);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
