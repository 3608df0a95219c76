using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Files;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.CacheFolders;

/// <summary>What a group leaves in its cache folder, on SQLite and real files.</summary>
public sealed class GroupWriterTests : IAsyncLifetime
{
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-group-").FullName;
    private readonly FileDerivativeStore _files = new();
    private Store _store = null!;
    private Room _room = null!;
    private GroupWriter _writer = null!;
    private Lease _lease = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Cache => Path.Combine(_root, "cache");

    public async ValueTask InitializeAsync()
    {
        _store = await SqliteStore.OpenAsync();
        _room = new(_store.CacheFolders, _files, _store.Time);
        _writer = new(_room, _files, NullLogger<GroupWriter>.Instance);
        var marker = Guid.NewGuid();
        _files.Create(Cache, marker);
        await _store.CacheFolders.AddAsync(new(Cache, marker, 0, 1L << 30, 0, []), Cancellation);
        var story = new Story(_store);
        await story.ScanAsync(await story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(1)));
        _lease = await story.MustLeaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _room.Dispose();
        await _store.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task A_lease_that_is_over_leaves_no_staging_place()
    {
        using (var written = await WriteAsync())
        {
            Assert.Equal(Verdict.GoOn, written.Fault);
            written.Committed(await _store.Ledger.CommitAsync(_lease, written.Results, Cancellation));
        }
        _writer.Forget(_lease);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Cache, "tmp")));
        Assert.Single(_files.Files(Cache));
    }

    [Fact]
    public async Task A_fenced_group_leaves_no_file()
    {
        using (var written = await WriteAsync())
        {
            await _store.Batches.ReleaseAsync(new BatchRelease.Died(_lease.Token, 0, new()), Cancellation);
            written.Committed(await _store.Ledger.CommitAsync(_lease, written.Results, Cancellation));
        }
        _writer.Forget(_lease);
        Assert.Empty(_files.Files(Cache));
    }

    private Task<WrittenGroup> WriteAsync()
    {
        var item = _lease.Items[0];
        var file = new DerivedFile(new(0, "thumbnail", 320, 240, "image/webp", false), [1, 2, 3]);
        var facts = new ImageFacts(new byte[32], 4000, 3000, "jpeg", 1, 1, null, null, false);
        return _writer.WriteAsync(_lease, [new(item, Outcome.Done, null, null, item.Version, facts, [file], "fake")], Cancellation);
    }
}
