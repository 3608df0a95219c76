using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Files;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Jobs;

public sealed class HoldKeeperTests : StoreSpec, IRootProbe
{
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-holds-").FullName;
    private readonly FileDerivativeStore _files = new();
    private readonly Signals _signals = new();
    private readonly Reach _reach = new();
    private readonly LiveOptions _options = new(new());

    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _signals.Dispose();
        _reach.Dispose();
        _options.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    RootState IRootProbe.Probe(string root) => new(true, false, new("disk", "ext4"));

    [Fact]
    public async Task Every_held_job_is_looked_at_however_many_came_after_it()
    {
        var library = await Story.AddLibraryAsync();
        var job = await AddJobAsync(library, Holds.Root);
        for (var newer = 0; newer < 200; newer++) await AddJobAsync(library, Holds.User);
        await RunAsync(async () => (await Story.JobAsync(job)).Holds == Holds.None);
    }

    [Fact]
    public async Task A_job_without_room_for_thumbnails_waits_for_a_folder_that_takes_them()
    {
        var library = await Story.AddLibraryAsync();
        // Jobs are looked at newest first: when the older one is free, the other was looked at.
        var seen = await AddJobAsync(library, Holds.Root);
        var job = await AddJobAsync(library, Holds.Folder);
        var nearlyFull = await AddFolderAsync("nearly-full", 1000);
        await AddFolderAsync("displays", 1L << 30, "display");
        await RunAsync(async () => (await Story.JobAsync(seen)).Holds == Holds.None);
        Assert.Equal(Holds.Folder, (await Story.JobAsync(job)).Holds);

        await Store.CacheFolders.UpdateAsync(nearlyFull.Id, new(nearlyFull.Path, nearlyFull.Marker, 0, 1L << 30, 0, []), true, Cancellation);
        await RunAsync(async () => (await Story.JobAsync(job)).Holds == Holds.None);
    }

    /// <summary>The store's time is noon, UTC.</summary>
    [Fact]
    public async Task Outside_of_working_hours_open_jobs_wait_and_inside_they_go_on()
    {
        var library = await Story.AddLibraryAsync();
        var job = await AddJobAsync(library, Holds.User);
        var scan = await Story.StartScanAsync(library);
        Assert.True(_options.Set(new(Windows: ["22:00-06:00"], TimeZone: "UTC")));
        await RunAsync(async () => (await Story.JobAsync(job)).Holds == (Holds.User | Holds.Window) && (await Story.JobAsync(scan)).Holds == Holds.Window);
        Assert.Null(await Story.LeaseAsync());

        Store.Time.Advance(TimeSpan.FromHours(10));
        await RunAsync(async () => (await Story.JobAsync(job)).Holds == Holds.User && (await Story.JobAsync(scan)).Holds == Holds.None);
        Assert.Equal(scan.Id, (await Story.MustLeaseAsync()).Job);

        Store.Time.Advance(TimeSpan.FromHours(8));
        await RunAsync(async () => (await Story.JobAsync(scan)).Holds == Holds.Window);
        Assert.True(_options.Set(new(Windows: [])));
        await RunAsync(async () => (await Story.JobAsync(scan)).Holds == Holds.None);
    }

    private async Task<Job> AddJobAsync(Library library, Holds hold)
    {
        var job = (await Store.Jobs.AddAsync(new(Handler.Derive, new(library.Id, ["thumbnail"])), Cancellation))!;
        await Store.Jobs.ControlAsync(job.Id, new JobCommand.Hold(hold), Cancellation);
        return job;
    }

    private async Task<CacheFolder> AddFolderAsync(string name, long limit, params string[] presets)
    {
        var (path, marker) = (Path.Combine(_root, name), Guid.NewGuid());
        _files.Create(path, marker);
        return (await Store.CacheFolders.AddAsync(new(path, marker, 0, limit, 0, presets), Cancellation))!;
    }

    private async Task RunAsync(Func<Task<bool>> until)
    {
        using var lifter = new HoldKeeper(
            Store.Jobs, Store.Libraries, Store.CacheFolders, new(this, _reach, _files, _options, _signals, Store.Time), NullLogger<HoldKeeper>.Instance);
        await lifter.StartAsync(Cancellation);
        for (var looks = 0; !await until(); looks++)
        {
            Assert.True(looks < 200, "The hold was not lifted.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation);
        }
        await lifter.StopAsync(Cancellation);
    }
}
