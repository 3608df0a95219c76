using Vitrine.Backends.Tests.Specs;

namespace Vitrine.Backends.Tests.Sqlite;

public sealed class SqliteLedgerSpec : LedgerSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteLedgerBlobSpec : LedgerBlobSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteBatchStoreSpec : BatchStoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteLargerDerivativeSpec : LargerDerivativeSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteRoundTripSpec : RoundTripSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteBookkeepingSpec : BookkeepingSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteDutySpec : DutySpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteDeathSpec : DeathSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteLibraryStoreSpec : LibraryStoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteBrakeSpec : BrakeSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteStatisticsSpec : StatisticsSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteScanModeSpec : ScanModeSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteUsageSpec : UsageSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteUnreadFileSpec : UnreadFileSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteCatalogSpec : CatalogSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteJobStoreSpec : JobStoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteFailureSpec : FailureSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteCacheFolderStoreSpec : CacheFolderStoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteBlobRemovalSpec : BlobRemovalSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteLockStoreSpec : LockStoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteUserStoreSpec : UserStoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteShareStoreSpec : ShareStoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteAuditSpec : AuditSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteSessionStoreSpec : SessionStoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteExternalLoginStoreSpec : ExternalLoginStoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteApiKeyStoreSpec : ApiKeyStoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteSettingStoreSpec : SettingStoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteEventFeedSpec : EventFeedSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteHistorySpec : HistorySpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteScheduleStoreSpec : ScheduleStoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteStaleSpec : StaleSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteRetrySpec : RetrySpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteBulkLockSpec : BulkLockSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqlitePruningSpec : PruningSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteNodeStoreSpec : NodeStoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteJobCommandSpec : JobCommandSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteSequentialSpec : SequentialSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteViewSpec : ViewSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteTrashSpec : TrashSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqlitePresetStoreSpec : PresetStoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteIncrementalSpec : IncrementalSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteRenameSpec : RenameSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteWatchStoreSpec : WatchStoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteInboxSpec : InboxSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteFailureRetrySpec : FailureRetrySpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteAlertSpec : AlertSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteBatchModelSpec : BatchModelSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteLedgerModelSpec : LedgerModelSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteRevisitSpec : RevisitSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteBlobPlacesSpec : BlobPlacesSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteRateStoreSpec : RateStoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteWithdrawalSpec : WithdrawalSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}
