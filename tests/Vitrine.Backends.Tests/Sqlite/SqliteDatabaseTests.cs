using Microsoft.Data.Sqlite;
using Vitrine.Backends.Sql;
using Vitrine.Backends.Sql.Sqlite;

namespace Vitrine.Backends.Tests.Sqlite;

/// <summary>The file, its schema, and the one writer.</summary>
public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-sqlite-").FullName;

    private string DatabaseFile => Path.Combine(_folder, "vitrine.db");
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_second_start_finds_what_the_first_wrote()
    {
        await using (var first = SqliteDatabase.Open(DatabaseFile)) await SetAsync(first, "a");
        await using var second = SqliteDatabase.Open(DatabaseFile);
        Assert.Equal(1, await CountAsync(second));
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_left_alone()
    {
        long known;
        await using (var database = SqliteDatabase.Open(DatabaseFile))
        {
            known = await database.ReadAsync(sql => sql.Number("PRAGMA user_version")!.Value, TestContext.Current.CancellationToken);
        }
        Change("PRAGMA user_version = 99");
        Assert.Equal("database-newer", Assert.Throws<StoreException>(() => SqliteDatabase.Open(DatabaseFile)).Code);
        Change($"PRAGMA user_version = {known}");
        await SqliteDatabase.Open(DatabaseFile).DisposeAsync();
    }

    [Fact]
    public void What_is_no_database_is_refused_and_left_alone()
    {
        var text = string.Concat(Enumerable.Repeat("This is a letter. ", 1000));
        File.WriteAllText(DatabaseFile, text);
        Assert.Equal("database-damaged", Assert.Throws<StoreException>(() => SqliteDatabase.Open(DatabaseFile)).Code);
        Assert.Equal(text, File.ReadAllText(DatabaseFile));
    }

    [Fact]
    public async Task A_database_with_holes_is_refused()
    {
        await using (var database = SqliteDatabase.Open(DatabaseFile))
        {
            for (var i = 0; i < 50; i++) await SetAsync(database, $"{i}");
        }
        using (var file = File.OpenWrite(DatabaseFile))
        {
            file.Position = 4096;
            file.Write(new byte[16 * 4096]);
        }
        Assert.Equal("database-damaged", Assert.Throws<StoreException>(() => SqliteDatabase.Open(DatabaseFile)).Code);
    }

    [Fact]
    public async Task A_piece_that_fails_takes_nothing_with_it()
    {
        await using var database = SqliteDatabase.Open(DatabaseFile);
        using var gate = new ManualResetEventSlim();
        var first = database.WriteAsync(Lane.Bulk, sql => { gate.Wait(Cancellation); return Set(sql, "first"); }, Cancellation);
        var failing = database.WriteAsync<int>(Lane.Bulk, sql => { Set(sql, "lost"); throw new InvalidOperationException("no"); }, Cancellation);
        var broken = database.WriteAsync(Lane.Bulk, sql => { Set(sql, "lost too"); return sql.Execute("INSERT INTO nowhere VALUES (1)"); }, Cancellation);
        var last = database.WriteAsync(Lane.Bulk, sql => Set(sql, "last"), Cancellation);
        gate.Set();

        await first;
        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        await Assert.ThrowsAsync<SqliteException>(() => broken);
        await last;
        Assert.Equal(2, await CountAsync(database));
    }

    /// <summary>Whoever waits can tell it from an error of ours, and nothing of the piece stays.</summary>
    [Fact]
    public async Task A_full_disk_is_a_fault_of_the_disk_and_room_ends_it()
    {
        await using var database = SqliteDatabase.Open(DatabaseFile);
        await database.WriteAsync(Lane.Bulk, sql => sql.Number($"PRAGMA max_page_count = {sql.Number("PRAGMA page_count")}"), Cancellation);
        await Assert.ThrowsAsync<IOException>(() => database.WriteAsync(Lane.Bulk, sql => Set(sql, new string('a', 1 << 20)), Cancellation));
        await database.WriteAsync(Lane.Bulk, sql => sql.Number("PRAGMA max_page_count = 1000000"), Cancellation);
        await SetAsync(database, "b");
        Assert.Equal(1, await CountAsync(database));
    }

    [Fact]
    public async Task Interactive_work_passes_what_is_queued()
    {
        await using var database = SqliteDatabase.Open(DatabaseFile);
        using var gate = new ManualResetEventSlim();
        using var started = new ManualResetEventSlim();
        var order = new List<string>();
        var running = database.WriteAsync(Lane.Bulk, _ => { started.Set(); gate.Wait(Cancellation); return 0; }, Cancellation);
        started.Wait(Cancellation);
        var bulk = Enumerable.Range(0, 5).Select(i => database.WriteAsync(Lane.Bulk, _ => { order.Add("bulk"); return 0; }, Cancellation)).ToList();
        var interactive = database.WriteAsync(Lane.Interactive, _ => { order.Add("interactive"); return 0; }, Cancellation);
        gate.Set();
        await Task.WhenAll([running, interactive, .. bulk]);
        Assert.Equal("interactive", order[0]);
        Assert.Equal(6, order.Count);
    }

    [Fact]
    public async Task Cancelled_work_that_still_waits_is_not_done()
    {
        await using var database = SqliteDatabase.Open(DatabaseFile);
        using var gate = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        var running = database.WriteAsync(Lane.Bulk, _ => { gate.Wait(Cancellation); return 0; }, Cancellation);
        var waiting = database.WriteAsync(Lane.Bulk, sql => Set(sql, "no"), stop.Token);
        await stop.CancelAsync();
        gate.Set();
        await running;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, await CountAsync(database));
    }

    [Fact]
    public async Task A_reader_cannot_write_and_sees_one_snapshot()
    {
        await using var database = SqliteDatabase.Open(DatabaseFile);
        await Assert.ThrowsAsync<SqliteException>(() => database.ReadAsync(sql => Set(sql, "x"), Cancellation));
        Assert.Equal(0, await CountAsync(database));
    }

    private static int Set(SqlSession sql, string key) => sql.Execute("INSERT INTO settings (key, json) VALUES ($1, '1')", key);

    private static Task<int> SetAsync(SqliteDatabase database, string key) => database.WriteAsync(Lane.Interactive, sql => Set(sql, key), Cancellation);

    private static Task<long?> CountAsync(SqliteDatabase database) => database.ReadAsync(sql => sql.Number("SELECT count(*) FROM settings"), Cancellation);

    private void Change(string pragma)
    {
        using var connection = SqliteConnections.OpenWriter(DatabaseFile);
        SqliteConnections.Execute(connection, pragma);
    }
}
