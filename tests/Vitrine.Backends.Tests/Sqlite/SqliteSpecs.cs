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

public sealed class SqliteDeathSpec : DeathSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}

public sealed class SqliteLibraryStoreSpec : LibraryStoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();
}
