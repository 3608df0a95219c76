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
    public void The_embedded_profile_takes_over_before_anything_else_starts()
    {
        var services = new ServiceCollection().AddEmbedded(((SqliteStore)_store).Embedded, 10);
        Assert.Equal(typeof(TakeOver), services.First(s => s.ServiceType == typeof(IHostedService)).ImplementationType);
    }

    [Fact]
    public async Task Leases_of_the_former_owner_are_free_at_once()
    {
        await _story.ScanAsync(await _story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(3)));
        var lost = await _story.MustLeaseAsync("former");
        await TakeOverAsync();
        Assert.Equal(CommitState.Fenced, (await _story.CommitAsync(lost, _story.Done(lost, lost.Items[0], _folder))).State);
        Assert.Equal(lost.Batch, (await _story.MustLeaseAsync()).Batch);
    }

    private Task TakeOverAsync() =>
        new TakeOver(_store.Batches, new(_store.CacheFolders, _files, _store.Batches), new(), NullLogger<TakeOver>.Instance).StartAsync(Cancellation);
}
