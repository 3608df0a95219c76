using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Files;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.CacheFolders;

/// <summary>What a new owner of a data folder does with the rests of the former one, on SQLite and real files.</summary>
public sealed class TakeOverTests : IAsyncLifetime
{
    private const string Former = "node";
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-takeover-").FullName;
    private readonly FileDerivativeStore _files = new();
    private Store _store = null!;
    private Story _story = null!;
    private CacheFolder _folder = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await SqliteStore.OpenAsync();
        _story = new(_store);
        var (path, marker) = (Path.Combine(_root, "cache"), Guid.NewGuid());
        _files.Create(path, marker);
        _folder = (await _store.CacheFolders.AddAsync(new(path, marker, 0, 1L << 30, 0, []), Cancellation))!;
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public void Nothing_of_the_backends_starts_before_the_take_over()
    {
        var services = new ServiceCollection().AddStores(((SqliteStore)_store).Stores).AddFiles().AddMemoryQueue(10).AddTakeOver();
        Assert.Equal(typeof(TakeOver), services.First(s => s.ServiceType == typeof(IHostedService)).ImplementationType);
    }

    [Fact]
    public async Task Leases_of_the_former_owner_are_free_at_once()
    {
        await _story.ScanAsync(await _story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(3)));
        var lost = await _story.MustLeaseAsync($"{Former}/1");
        await _store.Locks.AcquireAsync("theirs", $"{Former}/1", TimeSpan.FromMinutes(1), Cancellation);
        await TakeOverAsync();
        Assert.NotNull(await _store.Locks.AcquireAsync("theirs", "another", TimeSpan.FromMinutes(1), Cancellation));
        Assert.Equal(CommitState.Fenced, (await _story.CommitAsync(lost, _story.Done(lost, lost.Items[0], _folder))).State);
        Assert.Equal(lost.Batch, (await _story.MustLeaseAsync()).Batch);
    }

    [Fact]
    public async Task Leases_and_locks_of_other_nodes_are_theirs()
    {
        await _story.ScanAsync(await _story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(3)));
        var held = await _story.MustLeaseAsync("another/1");
        await _store.Locks.AcquireAsync("theirs", "another/1", TimeSpan.FromMinutes(1), Cancellation);
        await TakeOverAsync();
        Assert.Null(await _store.Locks.AcquireAsync("theirs", "node", TimeSpan.FromMinutes(1), Cancellation));
        Assert.Equal(CommitState.Accepted, (await _story.CommitAsync(held, _story.Done(held, held.Items[0], _folder))).State);
    }

    /// <summary>Killed between rename and commit: the names of the dead lease that have no row go, and nothing else does.</summary>
    [Fact]
    public async Task What_was_published_and_not_committed_is_no_orphan_after_the_start()
    {
        await _story.ScanAsync(await _story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(4)));
        await _story.MustLeaseAsync();
        var killed = await _story.MustLeaseAsync();
        await _story.CommitAsync(killed, await WriteAsync(killed, killed.Items[0]));
        await WriteAsync(killed, killed.Items[1]);
        // Another's file, though its name stands in the journal: only names with the lease's own token are its to delete.
        Directory.CreateDirectory(Path.Combine(_folder.Path, "zz"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "zz", "k-999-1.webp"), "x", Cancellation);
        await File.AppendAllTextAsync(Path.Combine(_folder.Path, StagedNames.JournalOf(killed.Token)), "zz/k-999-1.webp\n", Cancellation);
        Assert.Equal(5, BlobFiles());

        await TakeOverAsync();

        Assert.Equal(3, BlobFiles());
        Assert.True(File.Exists(Path.Combine(_folder.Path, "zz", "k-999-1.webp")));
        File.Delete(Path.Combine(_folder.Path, "zz", "k-999-1.webp"));
        var verified = await new Verifier(_store.Ledger, _store.CacheFolders, _store.Blobs, _store.Batches, _files).VerifyAsync(Cancellation);
        Assert.Equal((2, 2, 0, 0), (verified.Rows, verified.Files, verified.Orphans, verified.Missing));
    }

    private int BlobFiles() => _files.Files(_folder.Path).Count(f => !f.Staged);

    /// <summary>An item's derivatives, written and published as a worker does it.</summary>
    private async Task<ItemResult> WriteAsync(Lease lease, WorkItem item)
    {
        var result = _story.Done(lease, item, _folder);
        foreach (var derivative in result.Derivatives!)
        {
            var bytes = new byte[derivative.File!.Size];
            using var staged = await _files.StageAsync(_folder.Path, lease.Token, derivative.File.Name, bytes, Cancellation);
            staged.Publish();
        }
        return result;
    }

    private Task TakeOverAsync() =>
        new TakeOver(
            _store.Batches, _store.Locks, new(_store.CacheFolders, _store.Blobs, _files, _store.Batches), new(new(Former), new(), NullLogger<TakeOver>.Instance)).StartAsync(Cancellation);
}
