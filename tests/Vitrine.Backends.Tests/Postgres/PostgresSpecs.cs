using Vitrine.Backends.Tests.Specs;

namespace Vitrine.Backends.Tests.Postgres;

public sealed class PostgresLedgerSpec : LedgerSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresLedgerBlobSpec : LedgerBlobSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresBatchStoreSpec : BatchStoreSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresDeathSpec : DeathSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresLibraryStoreSpec : LibraryStoreSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresBrakeSpec : BrakeSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresStatisticsSpec : StatisticsSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresScanModeSpec : ScanModeSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresUsageSpec : UsageSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresUnreadFileSpec : UnreadFileSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresCatalogSpec : CatalogSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresJobStoreSpec : JobStoreSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresFailureSpec : FailureSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresCacheFolderStoreSpec : CacheFolderStoreSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresBlobRemovalSpec : BlobRemovalSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresLockStoreSpec : LockStoreSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresUserStoreSpec : UserStoreSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresShareStoreSpec : ShareStoreSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresAuditSpec : AuditSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresSessionStoreSpec : SessionStoreSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresExternalLoginStoreSpec : ExternalLoginStoreSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresApiKeyStoreSpec : ApiKeyStoreSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresSettingStoreSpec : SettingStoreSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresEventFeedSpec : EventFeedSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresHistorySpec : HistorySpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresScheduleStoreSpec : ScheduleStoreSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresStaleSpec : StaleSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresRetrySpec : RetrySpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresBulkLockSpec : BulkLockSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresPruningSpec : PruningSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresNodeStoreSpec : NodeStoreSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresJobCommandSpec : JobCommandSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresSequentialSpec : SequentialSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresViewSpec : ViewSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresTrashSpec : TrashSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresPresetStoreSpec : PresetStoreSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresIncrementalSpec : IncrementalSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresRenameSpec : RenameSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresWatchStoreSpec : WatchStoreSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresInboxSpec : InboxSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresFailureRetrySpec : FailureRetrySpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresAlertSpec : AlertSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresBatchModelSpec : BatchModelSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresLedgerModelSpec : LedgerModelSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresRevisitSpec : RevisitSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresBlobPlacesSpec : BlobPlacesSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresLargerDerivativeSpec : LargerDerivativeSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresRoundTripSpec : RoundTripSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresDutySpec : DutySpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresRateStoreSpec : RateStoreSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresWithdrawalSpec : WithdrawalSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}

public sealed class PostgresBookkeepingSpec : BookkeepingSpec
{
    protected override Task<Store> OpenAsync() => PostgresStore.OpenAsync();
}
