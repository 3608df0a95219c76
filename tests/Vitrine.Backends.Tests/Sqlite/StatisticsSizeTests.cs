using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Vitrine.Backends.Sql;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Sqlite;

/// <summary>
/// Statistics cost the same for any size: the steps of SQLite's machine are counted, and the times are compared in turns. <c>VITRINE_LONG=1</c> takes a million images
/// in 1,000 and in 10,000 collections.
/// </summary>
public sealed class StatisticsSizeTests(ITestOutputHelper output)
{
    private const int Turns = 7;
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("VITRINE_LONG") == "1";

    /// <summary>Collections, images of each, and what the figures were in the system that this is measured against, milliseconds.</summary>
    private static readonly (int Collections, int Images, int Others)[] Sizes =
        IsLong ? [(100, 100, 50), (1000, 1000, 200), (10_000, 100, 500)] : [(100, 100, 50), (1000, 20, 200)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_read_takes_the_same_steps_and_the_same_time()
    {
        var stores = new List<SqliteStore>();
        try
        {
            foreach (var (collections, images, _) in Sizes) stores.Add(await FillAsync(collections, images));
            var steps = new List<long>();
            foreach (var store in stores) steps.Add(await StepsAsync(store));
            Assert.All(steps, count => Assert.Equal(steps[0], count));

            var times = await InTurnsAsync(stores);
            for (var i = 0; i < stores.Count; i++)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{Sizes[i].Collections} x {Sizes[i].Images}: {steps[i]} steps, {times[i].Median:0.000} ms ({times[i].Least:0.000} to {times[i].Most:0.000}); the other system: {Sizes[i].Others} ms"));
            }
            if (IsLong) Assert.True(times.Max(t => t.Median) <= 1.5 * times.Min(t => t.Median), "The largest takes more than 1.5 times as long as the smallest.");
        }
        finally
        {
            foreach (var store in stores) await store.DisposeAsync();
        }
    }

    /// <summary>All but every tenth image of each collection have a thumbnail; then the ledger makes some more, and all is counted anew.</summary>
    private static async Task<SqliteStore> FillAsync(int collections, int images)
    {
        var store = (SqliteStore)await SqliteStore.OpenAsync();
        var story = new Story(store);
        var folder = await story.AddFolderAsync();
        var library = await story.AddLibraryAsync("one", "thumbnail");
        await story.ScanAsync(library, new Tree().With("real", Story.Pictures(20)));
        await store.Stores.Database.WriteAsync(Lane.Bulk, sql => Fill(sql, collections, images), Cancellation);
        await story.DeriveAllAsync(folder);
        await story.AuditAsync();

        var read = await store.Statistics.ReadAsync(Grants.All, Cancellation);
        var total = (long)collections * images;
        Assert.Equal((total + 20, total - (total / 10) + 20, collections + 1), (read.Images, read.Cached, read.CachedCollections));
        return store;
    }

    private static int Fill(SqlSession sql, int collections, int images)
    {
        sql.Execute(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
            INSERT INTO collections (id, library_id, kind, path, name, parent_path, search, sort_key, updated_at, images, cached, derivatives, derivative_bytes)
            SELECT 1000 + i, 1, 0, CAST('c' || i AS BLOB), i, '', i, CAST(i AS BLOB), 0, $2, $2 - $2 / 10, $2 - $2 / 10, ($2 - $2 / 10) * 100 FROM n
            """, collections, images);
        var total = (long)collections * images;
        sql.Execute(
            """
            WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $1)
            INSERT INTO images (id, library_id, collection_id, raw_name, occurrence, name, sort_key, size, stamp, inode)
            SELECT 1000 + i, 1, 1001 + i / $2, CAST(i AS BLOB), 0, i, CAST(i AS BLOB), 1, 1, 1 FROM n
            """, total, images);
        sql.Execute(
            """
            WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $1)
            INSERT INTO blobs (id, key, folder_id, name, size, hash, content_type, width, height, partial, refs, preset)
            SELECT 1000 + i, CAST('k' || i AS BLOB), 1, 'n' || i, 100, x'00', 'image/webp', 1, 1, 0, 1, 'thumbnail' FROM n WHERE i % 10 <> 9
            """, total);
        sql.Execute("INSERT INTO derivatives (image_id, preset, blob_id) SELECT id, 'thumbnail', id FROM blobs WHERE id >= 1000");
        var made = total - (total / 10);
        sql.Execute("UPDATE libraries SET images = images + $1, collections = collections + $2, cached = cached + $3, cached_collections = cached_collections + $2 WHERE id = 1",
            total, collections, made);
        sql.Execute("UPDATE cache_folders SET blobs = blobs + $1, bytes = bytes + $1 * 100 WHERE id = 1", made);
        sql.Execute("INSERT INTO folder_presets (folder_id, preset, blobs, bytes) VALUES (1, 'thumbnail', $1, $1 * 100) ON CONFLICT DO UPDATE SET blobs = blobs + excluded.blobs, bytes = bytes + excluded.bytes", made);
        return sql.Execute("INSERT INTO library_derivatives (library_id, preset, content_type, count, bytes) VALUES (1, 'thumbnail', 'image/webp', $1, $1 * 100)", made);
    }

    /// <summary>Steps of SQLite's virtual machine in one read: it calls back at each. The store has one reader, since nobody reads beside us.</summary>
    private static async Task<long> StepsAsync(SqliteStore store)
    {
        var steps = 0L;
        await store.Statistics.ReadAsync(Grants.All, Cancellation);
        await CallBackAsync(_ => (int)(++steps * 0));
        await store.Statistics.ReadAsync(Grants.All, Cancellation);
        var counted = steps;
        await CallBackAsync(null);
        Assert.InRange(counted, 50, 10_000);
        return counted;

        Task<int> CallBackAsync(SQLitePCL.delegate_progress? each) => store.Stores.Database.ReadAsync(sql =>
        {
            SQLitePCL.raw.sqlite3_progress_handler(((SqliteConnection)sql.Connection).Handle, each is null ? 0 : 1, each, null);
            return 0;
        }, Cancellation);
    }

    private static async Task<List<(double Median, double Least, double Most)>> InTurnsAsync(List<SqliteStore> stores)
    {
        const int Reads = 100;
        var times = stores.ConvertAll(_ => new List<double>());
        for (var turn = 0; turn < Turns; turn++)
        {
            for (var i = 0; i < stores.Count; i++)
            {
                var started = Stopwatch.GetTimestamp();
                for (var read = 0; read < Reads; read++) await stores[i].Statistics.ReadAsync(Grants.All, Cancellation);
                times[i].Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds / Reads);
            }
        }
        return times.ConvertAll(of => (of.Order().ElementAt(Turns / 2), of.Min(), of.Max()));
    }
}
