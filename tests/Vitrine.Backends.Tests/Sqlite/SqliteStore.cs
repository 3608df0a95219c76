using Vitrine.Backends.Sql;
using Vitrine.Backends.Sql.Sqlite;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Tests.Shared;

namespace Vitrine.Backends.Tests.Sqlite;

/// <summary>SQLite on a real file, in a folder that goes with it.</summary>
public sealed class SqliteStore : SqlStore
{
    private readonly string _folder;

    private SqliteStore(string folder)
    {
        _folder = folder;
        Stores = Stores.OpenSqliteAsync(folder, Time, TestContext.Current.CancellationToken).GetAwaiter().GetResult();
    }

    internal SqliteDatabase Database => (SqliteDatabase)Stores.Database;

    public static Task<Store> OpenAsync() => Task.FromResult<Store>(new SqliteStore(DataPlace.Make("vitrine-spec-")));

    public override async Task<long?> RowsWrittenAsync() =>
        await Stores.Database.WriteAsync(Lane.Bulk, sql => sql.Number("SELECT total_changes()"), TestContext.Current.CancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await Stores.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
