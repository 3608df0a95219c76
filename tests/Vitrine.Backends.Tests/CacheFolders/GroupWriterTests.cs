using System.Security.Cryptography;
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
    private FolderStates _states = null!;
    private Room _room = null!;
    private GroupWriter _writer = null!;
    private Lease _lease = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Cache => Path.Combine(_root, "cache");

    public async ValueTask InitializeAsync()
    {
        _store = await SqliteStore.OpenAsync();
        _states = new(_store.CacheFolders, _files, _store.Time);
        _room = new(_store.CacheFolders, _states);
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
        _states.Dispose();
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

    /// <summary>Their memory may be the next picture's from then on.</summary>
    [Fact]
    public async Task The_bytes_of_a_group_are_given_back_once_they_are_written()
    {
        var bodies = Enumerable.Range(1, 3).Select(number => Read(number)).ToList();
        var made = bodies.Select(body => new DerivedFile(new(0, "thumbnail", 320, 240, "image/webp", false), body)).ToList();

        using var written = await WriteAsync(made: made);

        var next = Read(9);
        Assert.Contains(bodies, body => body.Span == next.Span);
        Assert.Equal([1, 2, 3], written.Results[0].Derivatives!.Select(derivative => OnlyByteOf(derivative.File!)).Order());

        ReadOnlyMemory<byte> Read(int number)
        {
            using var stream = new MemoryStream();
            new FrameWriter(stream).Write(new DataBytes(), Enumerable.Repeat((byte)number, 300_000).ToArray());
            stream.Position = 0;
            return new FrameReader(stream).ReadAsync(Cancellation).AsTask().Result!.Value.Body;
        }

        int OnlyByteOf(BlobFile file)
        {
            var bytes = File.ReadAllBytes(Path.Combine(Cache, file.Name));
            Assert.Equal(300_000, bytes.Length);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), file.Hash);
            return Assert.Single(bytes.Distinct());
        }
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

    /// <summary>The outcome stands, whatever the disk says afterwards; what is left is found by the next start.</summary>
    [Fact]
    public async Task A_delete_that_fails_ends_nothing_and_is_made_up_for_by_the_next_start()
    {
        var refusing = new RefusingStore(_files);
        var writer = new GroupWriter(_room, refusing, NullLogger<GroupWriter>.Instance);
        using (var written = await WriteAsync(writer))
        {
            await _store.Batches.ReleaseAsync(new BatchRelease.Died(_lease.Token, 0, new()), Cancellation);
            written.Committed(await _store.Ledger.CommitAsync(_lease, written.Results, Cancellation));
        }
        writer.Forget(_lease);
        Assert.Equal(1, refusing.Refused);
        Assert.Single(_files.Files(Cache), file => !file.Staged);

        await new CacheFolderSetup(_store.CacheFolders, _store.Blobs, _files, _store.Batches).SweepAsync(Cancellation);
        Assert.Empty(_files.Files(Cache));
    }

    private Task<WrittenGroup> WriteAsync(GroupWriter? writer = null, IReadOnlyList<DerivedFile>? made = null)
    {
        var item = _lease.Items[0];
        var file = new DerivedFile(new(0, "thumbnail", 320, 240, "image/webp", false), new byte[] { 1, 2, 3 });
        var facts = new ImageFacts(new byte[32], 4000, 3000, "jpeg", 1, 1, null, null, false);
        return (writer ?? _writer).WriteAsync(_lease, [new(item, Outcome.Done, null, null, item.Version, facts, made ?? [file], "fake")], Cancellation);
    }

    /// <summary>A disk that takes files and deletes none.</summary>
    private sealed class RefusingStore(IDerivativeStore files) : IDerivativeStore
    {
        public int Refused { get; private set; }

        public void Create(string folderPath, Guid marker) => files.Create(folderPath, marker);

        public FolderHealth Probe(string folderPath, Guid marker) => files.Probe(folderPath, marker);

        public Task<StagedBlob> StageAsync(string folderPath, LeaseToken lease, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
            files.StageAsync(folderPath, lease, name, bytes, cancellation);

        public Stream? Open(string folderPath, string name) => files.Open(folderPath, name);

        public bool Delete(string folderPath, string name)
        {
            Refused++;
            throw new IOException("Input/output error");
        }

        public void DropStaged(string folderPath, LeaseToken lease) => files.DropStaged(folderPath, lease);

        public IEnumerable<StoredFile> Files(string folderPath) => files.Files(folderPath);
    }
}
