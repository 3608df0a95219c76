using System.Diagnostics.CodeAnalysis;
using Vitrine.Backends.Sql;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>The real store, on SQLite or PostgreSQL.</summary>
internal sealed class SqlBench : Bench
{
    private readonly InlineDatabase _database;
    private Rows _rows = new();

    [SetsRequiredMembers]
    public SqlBench(InlineDatabase database, TimeProvider time, Plant plant)
    {
        _database = database;
        _database.Empty();
        (Ledger, Batches, Jobs, Clock) = (SqlPlants.Into(plant, database, new SqlLedger(database, time)), new SqlBatchStore(database, time), new SqlJobStore(database, time), new SqlJobClock(database, time));
        (Libraries, Notes, Catalog) = (new SqlLibraryStore(database, time), new SqlWatchStore(database, time), new SqlCatalog(database));
        (Folders, Blobs, Locks) = (new SqlCacheFolderStore(database), new SqlBlobStore(database), new SqlLockStore(database, time));
    }

    public override long Changes => _database.Changes;

    public override BatchSign? Sign(long batch) => _database.Read(sql => sql.First(
        """
        SELECT b.state, b.token, b.node, b.renewals, j.status >= 2, j.holds FROM batches b JOIN jobs j ON j.id = b.job_id WHERE b.id = $1
        """,
        row => new BatchSign?[] { new((BatchState)row.Int(0), row.LongOrNull(1), row.TextOrNull(2), row.Long(3), row.Bool(4), (Holds)row.Int(5)) }, batch)?[0]);

    public override Rows Read(bool whole) => _database.Read(sql =>
    {
        if (whole) _rows = new();
        ReadJobs(sql, _rows);
        if (whole) ReadPictures(sql, _rows);
        return _rows;
    });

    public override IReadOnlyList<string> Audit() => _database.Read(LedgerAudit.Make).Differences;

    private static void ReadJobs(SqlSession sql, Rows rows)
    {
        rows.Jobs.Clear();
        rows.Batches.Clear();
        rows.Folders.Clear();
        rows.Reservations.Clear();
        sql.Query(
            "SELECT id, handler, status, holds, class, parent_id, of_scan, planned, total, completed, skipped, failed, cancelled, version FROM jobs",
            row => rows.Jobs[row.Long(0)] = new()
            {
                Id = row.Long(0), Handler = (Handler)row.Int(1), Status = (JobStatus)row.Int(2), Holds = (Holds)row.Int(3), Class = (BatchClass)row.Int(4),
                Parent = row.LongOrNull(5), OfScan = row.Bool(6), Planned = row.Bool(7), Total = row.Long(8), Completed = row.Long(9), Skipped = row.Long(10),
                Failed = row.Long(11), Cancelled = row.Long(12), Version = row.Long(13),
            });
        sql.Query(
            "SELECT id, job_id, state, token, offer FROM batches WHERE job_id IS NOT NULL",
            row => rows.Batches[row.Long(0)] = new()
            {
                Id = row.Long(0), Job = row.Long(1), State = (BatchState)row.Int(2), Token = row.LongOrNull(3), Offer = row.Int(4),
            });
        sql.Query("SELECT id, path, limit_bytes, blobs, bytes, reserved FROM cache_folders", row => rows.Folders[row.Long(0)] = new()
        {
            Id = row.Long(0), Path = row.Text(1), Limit = row.Long(2), Blobs = row.Long(3), Bytes = row.Long(4), Reserved = row.Long(5),
        });
        sql.Query("SELECT token, folder_id, bytes FROM reservations", row => rows.Reservations[(row.Long(0), row.Long(1))] = row.Long(2));
    }

    private static void ReadPictures(SqlSession sql, Rows rows)
    {
        sql.Query("SELECT job_id, item, batch_id, outcome, reason FROM items", row => rows.Items[(row.Long(0), row.Long(1))] = new()
        {
            Job = row.Long(0), Item = row.Long(1), Batch = row.Long(2), Outcome = (Outcome?)row.LongOrNull(3), Reason = row.TextOrNull(4),
        });
        sql.Query("SELECT id, library_id, path, revisit FROM collections", row => rows.Collections[row.Long(0)] = new()
        {
            Id = row.Long(0), Library = row.Long(1), Path = SourcePath.FromBytes(row.Bytes(2)), Revisit = row.Bool(3),
        });
        sql.Query("SELECT id, library_id, collection_id, name, size, stamp, inode, state, reason FROM images", row => rows.Images[row.Long(0)] = new()
        {
            Id = row.Long(0), Library = row.Long(1), Collection = row.Long(2), Name = row.Text(3), Version = row.Version(4), State = (ImageState)row.Int(7),
            Reason = row.TextOrNull(8),
        });
        var blobs = new Dictionary<long, SimBlob>();
        sql.Query("SELECT id, key, folder_id, name, size FROM blobs", row => blobs[row.Long(0)] = rows.Blobs[row.Hex(1)] = new()
        {
            Key = row.Hex(1), Folder = row.Long(2), Name = row.Text(3), Size = row.Long(4),
        });
        sql.Query("SELECT image_id, preset, blob_id FROM derivatives", row => rows.Links[(row.Long(0), row.Text(1))] = blobs[row.Long(2)]);
        sql.Query("SELECT name, owner, token FROM locks", row => rows.Locks[row.Text(0)] = new() { Owner = row.Text(1), Token = row.Long(2) });
    }
}
