using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Files;
using Vitrine.Backends.Sql;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.CacheFolders;

/// <summary>What verify finds, what it repairs, and where it goes on: on SQLite and real files.</summary>
public sealed class VerifyRunTests : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-verify-").FullName;
    private readonly FileDerivativeStore _files = new();
    private SqliteStore _store = null!;
    private Story _story = null!;
    private CacheFolder _folder = null!;
    private Library _library = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Cache => Path.Combine(_root, "cache");

    public async ValueTask InitializeAsync()
    {
        _store = (SqliteStore)await SqliteStore.OpenAsync();
        _story = new(_store);
        var marker = Guid.NewGuid();
        _files.Create(Cache, marker);
        _folder = (await _store.CacheFolders.AddAsync(new(Cache, marker, 0, 1L << 40, 0, []), Cancellation))!;
        _library = await _story.AddLibraryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task What_is_missing_or_damaged_is_taken_out_and_made_again()
    {
        var names = await MadeAsync(4);
        File.Delete(Path.Combine(Cache, names[0]));
        await File.WriteAllTextAsync(Path.Combine(Cache, names[1]), "short", Cancellation);
        var flipped = await File.ReadAllBytesAsync(Path.Combine(Cache, names[2]), Cancellation);
        flipped[^1] ^= 1;
        await File.WriteAllBytesAsync(Path.Combine(Cache, names[2]), flipped, Cancellation);

        var only = await RunAsync();
        Assert.Equal((1, 2, null, 8), (only.Missing, only.Damaged, only.Repair, only.Rows));
        var found = await RunAsync(repair: true);

        Assert.Equal((1, 2, new VerifyRepair(3, 3, 0, 1)), (found.Missing, found.Damaged, found.Repair));
        Assert.False(File.Exists(Path.Combine(Cache, names[1])) || File.Exists(Path.Combine(Cache, names[2])));
        var again = await RunAsync();
        Assert.Equal((5, 5, 0, 0, 0), (again.Rows, again.Files, again.Missing, again.Damaged, again.Orphans));
        var job = (await _store.Jobs.ListAsync(new(ToPlan: true), Cancellation)).Items.Single();
        Assert.Equal(2, (await _store.Catalog.ToDeriveAsync(job.Scope, null, 10, Cancellation)).Items.Count);
        Assert.Equal(_library.Id, job.Scope.Library);
    }

    [Fact]
    public async Task A_file_that_is_not_what_its_type_says_is_damaged_though_its_hash_is_right()
    {
        var names = await MadeAsync(1);
        await _store.Stores.Database.WriteAsync(
            Lane.Bulk, sql => sql.Execute("UPDATE blobs SET content_type = 'image/jpeg' WHERE name = $1", names[0]), Cancellation);
        Assert.Equal((0, 1), await RunAsync() is var found ? (found.Missing, found.Damaged) : default);
    }

    /// <summary>An unplugged disk looks like a folder without files.</summary>
    [Fact]
    public async Task A_folder_that_is_not_there_loses_no_row()
    {
        await MadeAsync(2);
        Directory.Move(Cache, Cache + ".away");
        var found = await RunAsync(repair: true);
        Assert.Equal((4, new VerifyRepair(0, 0, 0, 0)), (found.Missing, found.Repair));
        Directory.Move(Cache + ".away", Cache);
        Assert.Equal((4, 0), await RunAsync() is var back ? (back.Rows, back.Missing) : default);
    }

    [Fact]
    public async Task Counters_that_differ_are_counted_anew_and_nothing_else_is_said_of_them()
    {
        await MadeAsync(3);
        string[] wrong =
        [
            "UPDATE collections SET images = images + 1, derivative_bytes = 5 WHERE images > 0", "UPDATE libraries SET ready = ready + 7, collections = 9",
            "UPDATE library_derivatives SET count = count - 1 WHERE preset = 'display'", "INSERT INTO failure_groups VALUES (1, 1, 'corrupt', '', 0, 3)",
            "UPDATE cache_folders SET blobs = 0, bytes = 1", "UPDATE blobs SET refs = 4, unreferenced_at = 1 WHERE id = 2",
            "UPDATE cache_totals SET shared_bytes = 7", "UPDATE libraries SET cached = 0, cached_collections = 7",
        ];
        foreach (var statement in wrong) await _store.Stores.Database.WriteAsync(Lane.Bulk, sql => sql.Execute(statement), Cancellation);
        Assert.False((await RunAsync()).CountersEqual);

        var found = await RunAsync(repair: true);

        Assert.Equal((false, 7), (found.CountersEqual, found.Repair?.Counters));
        await _story.AuditAsync();
    }

    [Fact]
    public async Task A_run_with_a_time_ends_and_the_next_one_goes_on_from_there()
    {
        await MadeAsync(300);
        var first = await RunAsync(repair: true, minutes: 1, wait: 2);
        Assert.False(first.Complete);
        var rows = (await _store.Blobs.BlobsAsync(null, 1000, Cancellation)).Items;
        File.Delete(Path.Combine(Cache, rows[0].Name)); // Read already: not seen by the rest of the run.
        File.Delete(Path.Combine(Cache, rows[^1].Name));

        var second = await RunAsync(minutes: 1);
        Assert.Equal((true, 1), (second.Complete, second.Missing));
        Assert.Equal(2, (await RunAsync(minutes: 1)).Missing); // It was at the end: this one begins anew.
    }

    /// <param name="wait">Minutes that pass while the first blob is read.</param>
    private async Task<Verification> RunAsync(bool repair = false, int? minutes = null, int wait = 0)
    {
        IDerivativeStore files = wait > 0 ? new Slow(_files, () => _store.Time.Advance(TimeSpan.FromMinutes(wait))) : _files;
        var verifier = new Verifier(_store.Ledger, _store.CacheFolders, _store.Blobs, _store.Batches, files);
        var run = new VerifyRun(verifier, new(_store.Removal, files, _store.Jobs, NullLogger<BlobRepair>.Instance), _store.Removal, _store.Settings, _store.Time);
        return await run.RunAsync(new(repair, minutes is { } limit ? TimeSpan.FromMinutes(limit) : null), Cancellation);
    }

    /// <summary>Images with their two files each, in the order of their rows.</summary>
    private async Task<IReadOnlyList<string>> MadeAsync(int images)
    {
        await _story.ScanAsync(_library, new Tree().With("sub", Story.Pictures(images)));
        while (await _story.LeaseAsync() is { } lease)
        {
            await _story.CommitAsync(lease, [.. lease.Items.Select(item => Write(_story.Done(lease, item, _folder)))]);
            await _store.Batches.ReleaseAsync(new BatchRelease.HandedBack(lease.Token), Cancellation);
        }
        return [.. (await _store.Blobs.BlobsAsync(null, 1000, Cancellation)).Items.Select(row => row.Name)];
    }

    private ItemResult Write(ItemResult result)
    {
        var made = new List<MadeDerivative>();
        foreach (var derivative in result.Derivatives!)
        {
            var path = Path.Combine(Cache, derivative.File!.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, Story.BytesOf(derivative.File.Name));
            made.Add(derivative with { File = derivative.File with { Size = Story.BytesOf(derivative.File.Name).Length } });
        }
        return result with { Derivatives = made };
    }

    private sealed class Slow(IDerivativeStore files, Action once) : IDerivativeStore
    {
        private bool _waited;

        public void Create(string folderPath, Guid marker) => files.Create(folderPath, marker);

        public FolderHealth Probe(string folderPath, Guid marker) => files.Probe(folderPath, marker);

        public Task<StagedBlob> StageAsync(string folderPath, LeaseToken lease, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
            files.StageAsync(folderPath, lease, name, bytes, cancellation);

        public Stream? Open(string folderPath, string name)
        {
            if (!_waited) once();
            _waited = true;
            return files.Open(folderPath, name);
        }

        public bool Delete(string folderPath, string name) => files.Delete(folderPath, name);

        public void DropStaged(string folderPath, LeaseToken lease) => files.DropStaged(folderPath, lease);

        public IEnumerable<StoredFile> Files(string folderPath) => files.Files(folderPath);
    }
}
