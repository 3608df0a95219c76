using Vitrine.Backends.Sql;
using Vitrine.Backends.Sql.Sqlite;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Sqlite;

/// <summary>The row of an act stands and falls with the transaction of the act, whatever ends it.</summary>
public sealed class AuditTransactionTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-audit-").FullName;
    private SqliteDatabase _database = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _database = SqliteDatabase.Open(Path.Combine(_folder, "vitrine.db"));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_act_that_fails_behind_its_change_leaves_neither()
    {
        using var act = Begin();
        await Assert.ThrowsAsync<InvalidOperationException>(() => _database.WriteAsync<int>(Lane.Interactive, sql =>
        {
            Set(sql, "lost");
            throw new InvalidOperationException("no");
        }, Cancellation));
        Assert.Equal((0, 0), await CountAsync());

        // Tried again within the same act, it has its row.
        await _database.WriteAsync(Lane.Interactive, sql => Set(sql, "kept"), Cancellation);
        Assert.Equal((1, 1), await CountAsync());
    }

    [Fact]
    public async Task A_row_that_cannot_be_written_takes_the_act_with_it()
    {
        await _database.WriteAsync(Lane.Interactive, sql => sql.Execute("ALTER TABLE audit RENAME TO elsewhere"), Cancellation);
        using (var act = Begin())
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => _database.WriteAsync(Lane.Interactive, sql => Set(sql, "lost"), Cancellation));
        await _database.WriteAsync(Lane.Interactive, sql => sql.Execute("ALTER TABLE elsewhere RENAME TO audit"), Cancellation);
        Assert.Equal((0, 0), await CountAsync());
    }

    [Fact]
    public async Task Changes_that_answer_rows_are_changes_too()
    {
        using (Begin()) await _database.WriteAsync(Lane.Interactive, sql => sql.Number("UPDATE sequence SET value = value + 1 WHERE id = 1 RETURNING value"), Cancellation);
        using (Begin()) await _database.WriteAsync(Lane.Interactive, sql => sql.Query("DELETE FROM settings RETURNING key", row => row.Text(0)), Cancellation);
        Assert.Equal((0, 1), await CountAsync());
    }

    [Fact]
    public async Task Writes_of_others_at_the_same_time_have_none()
    {
        using var gate = new ManualResetEventSlim();
        var held = _database.WriteAsync(Lane.Interactive, _ => { gate.Wait(Cancellation); return 0; }, Cancellation);
        var others = Enumerable.Range(0, 5).Select(i => _database.WriteAsync(Lane.Interactive, sql => Set(sql, $"other {i}"), Cancellation)).ToList();
        using var act = Begin();
        var own = _database.WriteAsync(Lane.Interactive, sql => Set(sql, "own"), Cancellation);
        gate.Set();
        await Task.WhenAll([held, own, .. others]);
        Assert.Equal((6, 1), await CountAsync());
    }

    private static Act Begin() => Act.Begin(new(DateTimeOffset.UnixEpoch, null, "owner", null, "act", null, null));

    private static int Set(SqlSession sql, string key) => sql.Execute("INSERT INTO settings (key, json) VALUES ($1, '1')", key);

    private Task<(long, long)> CountAsync() => _database.ReadAsync(
        sql => (sql.Number("SELECT count(*) FROM settings")!.Value, sql.Number("SELECT count(*) FROM audit")!.Value), Cancellation);
}
