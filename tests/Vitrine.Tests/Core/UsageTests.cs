using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Vitrine.Core;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Statistics;
using Vitrine.Core.Users;

namespace Vitrine.Tests.Core;

/// <summary>Counting a use: exact among many threads, and without an allocation.</summary>
public sealed class UsageTests(ITestOutputHelper output)
{
    private static readonly UsedPicture Picture = new(new(1), new(7), "thumbnail");

    [Fact]
    public void Hits_misses_and_bytes_add_up_and_are_taken_once()
    {
        var usage = new Usage();
        usage.Hit(Picture, Derivative(3), 100);
        usage.Hit(Picture, Derivative(4), 0);
        usage.Miss(Picture);
        usage.Made(Picture, Derivative(3), 50);
        usage.Hit(Picture with { Collection = new(8) }, Derivative(5), 10);

        var taken = usage.Take();

        Assert.Equal(
            [new(new(1), new(7), "thumbnail", default, 0, 1, 0), new(new(1), new(7), "thumbnail", new(2), 2, 0, 150), new(new(1), new(8), "thumbnail", new(2), 1, 0, 10)],
            taken.Counts.OrderBy(count => count.Collection).ThenBy(count => count.Folder));
        Assert.Equal([new(3), new(4), new(5)], taken.Blobs.Order());
        Assert.True(usage.Take().IsEmpty);
        Assert.True(usage.Take().IsEmpty);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var usage = new Usage();
        var derivative = Derivative(3);
        Use(10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Use(10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Use(int times)
        {
            for (var i = 0; i < times; i++)
            {
                usage.Hit(Picture, derivative, 100);
                usage.Miss(Picture);
            }
        }
    }

    /// <summary>In turns with one interlocked increment; the nanoseconds are printed and decide nothing.</summary>
    [Fact]
    public void A_hit_costs_a_few_interlocked_increments()
    {
        const int Hits = 200_000;
        var (usage, derivative, plain) = (new Usage(), Derivative(3), 0L);
        var turns = Enumerable.Range(0, 9).Select(_ => (Hit: Nanoseconds(() => usage.Hit(Picture, derivative, 100)), Plain: Nanoseconds(() => Interlocked.Increment(ref plain)))).ToList();
        var (hit, ratios) = (turns.Select(turn => turn.Hit).Order().ElementAt(4), turns.Select(turn => turn.Hit / turn.Plain).Order().ToList());
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"a hit is counted in {hit:0} ns (the goal is 200), {ratios[4]:0.0} interlocked increments ({ratios[0]:0.0} to {ratios[^1]:0.0})"));
        Assert.InRange(ratios[4], 0, 50);

        static double Nanoseconds(Action once)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < Hits; i++) once();
            return Stopwatch.GetElapsedTime(started).TotalNanoseconds / Hits;
        }
    }

    [Fact]
    public async Task Hits_without_end_are_one_write_in_ten_seconds_and_none_are_no_write()
    {
        var (usage, store, time) = (new Usage(), new CountingStore(), new FakeTimeProvider());
        using var flush = new UsageFlush(usage, store, new(), time, NullLogger<UsageFlush>.Instance);
        await flush.StartAsync(TestContext.Current.CancellationToken);
        for (var second = 0; second < 60; second++)
        {
            for (var i = 0; i < 10; i++) usage.Hit(Picture, Derivative(3), 1);
            time.Advance(TimeSpan.FromSeconds(1));
        }
        await flush.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(600, store.Hits);
        // One at the start, one each ten seconds, one at the end.
        Assert.InRange(store.Writes, 1, 8);

        using var idle = new UsageFlush(usage, store = new(), new(), time, NullLogger<UsageFlush>.Instance);
        await idle.StartAsync(TestContext.Current.CancellationToken);
        for (var second = 0; second < 60; second++) time.Advance(TimeSpan.FromSeconds(1));
        await idle.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, store.Writes);
    }

    [Fact]
    public async Task Nothing_is_lost_while_others_take()
    {
        const int Each = 200_000;
        var usage = new Usage();
        var derivative = Derivative(3);
        var adding = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++) usage.Hit(Picture with { Collection = new(1 + (i % 100)) }, derivative, 1);
        })));
        var (hits, bytes) = (0L, 0L);
        while (!adding.IsCompleted) Count(usage.Take());
        await adding;
        Count(usage.Take());
        Assert.Equal((4 * Each, 4 * Each), (hits, bytes));

        void Count(UsageCounts taken)
        {
            hits += taken.Counts.Sum(count => count.Hits);
            bytes += taken.Counts.Sum(count => count.Bytes);
        }
    }

    [Fact]
    public void A_full_table_keeps_the_sums()
    {
        var usage = new Usage();
        for (var i = 1; i <= 20_000; i++) usage.Hit(Picture with { Collection = new(i) }, Derivative(i), 1);

        var taken = usage.Take();

        Assert.Equal(20_000, taken.Counts.Sum(count => count.Hits));
        Assert.InRange(taken.Counts.Count(count => count.Collection != default), 2000, 4096);
        Assert.InRange(taken.Blobs.Count, 4000, 8192);
        Assert.Equal(new LibraryId(1), Assert.Single(taken.Counts, count => count.Collection == default).Library);
    }

    [Theory]
    [InlineData(800, 200, false)]
    [InlineData(799, 201, true)]
    [InlineData(0, 999, false)]
    public void A_hit_rate_is_low_below_80_percent_of_enough_requests(long hits, long misses, bool low) =>
        Assert.Equal(low, CacheAlertRules.IsHitRateLow(hits, misses));

    [Theory]
    [InlineData(450, 550, 45)]
    [InlineData(0, 0, 0)]
    public void Usage_is_of_what_is_used_and_available(long used, long available, double percent) => Assert.Equal(percent, StorageUse.Percent(used, available));

    [Fact]
    public void Folders_on_one_disk_have_its_space_once()
    {
        var two = new StorageUse([Folder(1, "a", 100, 1000, free: 600, floor: 100), Folder(2, "a", 0, 1000, free: 600, floor: 50)]);
        Assert.Equal((500, 550), (two.Folders[0].AvailableBytes, two.Folders[1].AvailableBytes));
        Assert.Equal((100, 500), (two.UsedBytes, two.AvailableBytes));
        Assert.Equal(1000, new StorageUse([two.Folders[0], Folder(3, "b", 0, 500, free: 9000, floor: 0)]).AvailableBytes);
    }

    [Fact]
    public void A_cache_is_nearly_full_above_90_percent()
    {
        Assert.False(CacheAlertRules.IsNearlyFull(new([Folder(1, "a", 900, 1000, free: 9000, floor: 0)])));
        Assert.True(CacheAlertRules.IsNearlyFull(new([Folder(1, "a", 901, 1000, free: 9000, floor: 0)])));
        Assert.False(CacheAlertRules.IsNearlyFull(new([])));
    }

    private static FolderUse Folder(long id, string disk, long bytes, long limit, long free, long floor) =>
        new(new(new(id), "/c", Guid.Empty, 0, limit, floor, [], true, 1, bytes, 0), new(FolderFault.None, free, 10_000), disk);

    private static Derivative Derivative(long blob) => new("thumbnail", new(blob), new(2), "/c", "n", 100, "h", "image/webp", 1, 1, false, 0);

    private sealed class CountingStore : IUsageStore
    {
        private int _writes;
        private long _hits;

        public int Writes => Volatile.Read(ref _writes);
        public long Hits => Volatile.Read(ref _hits);

        public Task AddAsync(UsageCounts counts, DateTimeOffset at, TimeSpan keep, CancellationToken cancellation)
        {
            Interlocked.Increment(ref _writes);
            Interlocked.Add(ref _hits, counts.Counts.Sum(count => count.Hits));
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<UsageSum>> SumsAsync(Grants grants, UsageQuery query, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyList<UsagePoint>> SeriesAsync(Grants grants, UsageQuery query, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<bool> WasEvictedAsync(ImageId image, string preset, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyList<NeverServed>> NeverServedAsync(CancellationToken cancellation) => throw new NotSupportedException();
    }
}
