using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Files;
using Vitrine.Backends.Sql;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.CacheFolders;

/// <summary>What clean-up takes and what it leaves, on SQLite and real files.</summary>
public sealed class CleanUpTests : IAsyncLifetime
{
    /// <summary>Of the comparison with find; 0 leaves it out.</summary>
    private static readonly int Turns = int.Parse(Environment.GetEnvironmentVariable("VITRINE_TURNS") ?? "0", CultureInfo.InvariantCulture);

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("VITRINE_LONG") is not null;

    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-clean-").FullName;
    private readonly FileDerivativeStore _files = new();
    private SqliteStore _store = null!;
    private CacheFolder _folder = null!;
    private CleanUp _cleanUp = null!;
    private Reconciler _reconciler = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Cache => Path.Combine(_root, "cache");

    private DateTimeOffset Now => _store.Time.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        _store = (SqliteStore)await SqliteStore.OpenAsync();
        var marker = Guid.NewGuid();
        _files.Create(Cache, marker);
        _folder = (await _store.CacheFolders.AddAsync(new(Cache, marker, 0, 1L << 40, 0, []), Cancellation))!;
        var settings = new CleanUpSettings(_files, new FolderListing(), _store.Time, NullLogger<CleanUp>.Instance);
        _cleanUp = new(_store.CacheFolders, _store.Blobs, _store.Removal, _store.Batches, settings);
        var repair = new BlobRepair(_store.Removal, _files, _store.Jobs, NullLogger<BlobRepair>.Instance);
        _reconciler = new(_store.CacheFolders, _store.Blobs, _store.Removal, repair, settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Age_scope_and_name_decide_and_the_grace_time_is_the_least()
    {
        var old = Write(Name("a", "display"), TimeSpan.FromDays(8));
        var thumbnail = Write(Name("b", "thumbnail"), TimeSpan.FromDays(8));
        var unknown = Write(Name("c", null), TimeSpan.FromDays(8));
        var days = Write(Name("d", "medium"), TimeSpan.FromDays(3));
        var hours = Write(Name("e", "medium"), TimeSpan.FromHours(23));
        string[] foreign = [Write("letter.txt", TimeSpan.FromDays(99)), Write("ab/cd/holiday.webp", TimeSpan.FromDays(99)), Write("zz/" + Name("f", "full")[3..], TimeSpan.FromDays(99))];

        var dry = await CleanAsync(CleanUpScope.All, 0, dryRun: true);
        Assert.Equal((4, 1, 3, 8), (dry.Orphans.Files, dry.Young, dry.Foreign, dry.Examined));
        Assert.Equal(new[] { days, old, thumbnail, unknown }.Order(), dry.Listed.Select(file => file.Name).Order());
        Assert.Equal(4 * 7, dry.Bytes);

        Assert.Equal([old], Names(await CleanAsync(CleanUpScope.Cache, 7)));
        Assert.Equal([thumbnail], Names(await CleanAsync(CleanUpScope.Thumbnails, 7)));
        Assert.Equal([unknown], Names(await CleanAsync(CleanUpScope.All, 7)));
        Assert.Equal([days], Names(await CleanAsync(CleanUpScope.All, 0)));
        Assert.Empty(Names(await CleanAsync(CleanUpScope.All, 0)));
        Assert.Equal(foreign.Append(hours).Order(), _files.Files(Cache).Select(file => file.Name).Order());
        Assert.Null(await _cleanUp.RunAsync(new(99), new(CleanUpScope.All, TimeSpan.Zero, false), Cancellation));
    }

    [Fact]
    public async Task A_folder_without_its_marker_and_what_links_lead_to_are_not_touched()
    {
        var elsewhere = Directory.CreateDirectory(Path.Combine(_root, "elsewhere", "ab", "cd")).FullName;
        var name = Name("ab", "display");
        var outside = Path.Combine(elsewhere, Path.GetFileName(name));
        await File.WriteAllTextAsync(outside, "outside", Cancellation);
        File.SetLastWriteTimeUtc(outside, Now.UtcDateTime.AddDays(-99));
        Directory.CreateSymbolicLink(Path.Combine(Cache, "ab"), Path.Combine(_root, "elsewhere", "ab"));
        Directory.CreateSymbolicLink(Path.Combine(Cache, "tmp"), Path.Combine(_root, "elsewhere"));
        Assert.Equal(0, (await CleanAsync(CleanUpScope.All, 0)).Files);

        File.Delete(Path.Combine(Cache, "ab"));
        var orphan = Write(Name("c", "display"), TimeSpan.FromDays(9));
        File.Move(Path.Combine(Cache, FileDerivativeStore.MarkerName), Path.Combine(_root, "marker"));
        Assert.Equal(FolderFault.NotOurs, (await CleanAsync(CleanUpScope.All, 0)).Fault);
        Assert.Equal(FolderFault.NotOurs, (await _reconciler.RunAsync(_folder.Id, Cancellation))!.Fault);

        Assert.True(File.Exists(Path.Combine(Cache, orphan)) && File.Exists(outside));
    }

    [Fact]
    public async Task What_a_dead_lease_staged_goes_after_the_grace_time_and_a_living_ones_stays()
    {
        var story = new Story(_store);
        await story.ScanAsync(await story.AddLibraryAsync(), new Tree().With("sub", Story.Pictures(1)));
        var live = await story.MustLeaseAsync();
        foreach (var token in new[] { live.Token, new(9_999), new(9_998) })
        {
            await _files.StageAsync(Cache, token, "ab/cd/k-1.webp", new byte[5], Cancellation);
            Age(Path.Combine(Cache, "tmp", token.ToString()!), TimeSpan.FromDays(token.Value == 9_998 ? 0 : 2));
        }
        var orphan = Write(new BlobName(new(Hash("live")), live.Token, 1, "display", ".jpg").ToString(), TimeSpan.FromDays(2));

        var report = await CleanAsync(CleanUpScope.Thumbnails, 0);

        Assert.Equal((new(1, 5), "tmp/9999/"), (report.Staged, Assert.Single(report.Listed).Name));
        Assert.Equal(1, (await CleanAsync(CleanUpScope.All, 0)).Young); // Its lease may yet commit it.
        Assert.Equal([live.Token.ToString(), "9998"], Directory.EnumerateDirectories(Path.Combine(Cache, "tmp")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.True(File.Exists(Path.Combine(Cache, orphan)));
    }

    [Fact]
    public async Task Reconcile_takes_out_rows_without_a_file_and_counts_the_folder_anew()
    {
        var story = new Story(_store);
        var library = await story.AddLibraryAsync();
        await story.ScanAsync(library, new Tree().With("sub", Story.Pictures(3)));
        await story.DeriveAllAsync(_folder);
        var rows = (await _store.Blobs.BlobsAsync(null, 10, Cancellation)).Items;
        foreach (var row in rows.Skip(2)) Write(row.Name, TimeSpan.Zero, new string('x', (int)row.Size));
        Write(Name("a", "display"), TimeSpan.Zero);
        await _store.Stores.Database.WriteAsync(Lane.Bulk, sql => sql.Execute("UPDATE cache_folders SET bytes = bytes + 1"), Cancellation);

        var found = (await _reconciler.RunAsync(_folder.Id, Cancellation))!;

        Assert.Equal((6, 600, 2, 2, 0), (found.Rows, found.RowBytes, found.Dangling, found.Repaired, found.Damaged));
        Assert.Equal((5, 407, new(1, 7)), (found.Files, found.Bytes, found.Orphans));
        Assert.Equal($"cache folder {_folder.Id}: recorded 4/401/0, counted 4/400/0", Assert.Single(found.Differences));
        Assert.Equal(4, (await story.AuditAsync()).Rows);
        Assert.NotEmpty((await _store.Catalog.ToDeriveAsync(new(library.Id, library.Settings.Presets), null, 10, Cancellation)).Items);
        Assert.Empty((await _reconciler.RunAsync(_folder.Id, Cancellation))!.Differences);
    }

    [Fact]
    public async Task Once_a_day_it_cleans_by_itself_and_not_because_it_starts()
    {
        var orphan = Path.Combine(Cache, Write(Name("a", "display"), TimeSpan.FromDays(99)));
        Assert.False(await Start().LookAsync(Cancellation));
        _store.Time.Advance(TimeSpan.FromHours(23));
        Assert.False(await Start().LookAsync(Cancellation));
        Assert.True(File.Exists(orphan));
        _store.Time.Advance(TimeSpan.FromHours(2));
        Assert.True(await Start().LookAsync(Cancellation));
        Assert.False(File.Exists(orphan));
        Assert.False(await Start().LookAsync(Cancellation));

        DailyCleanUp Start() => new(_cleanUp, _store.Settings, _store.Locks, new("node"), new(_store.Time, NullLogger<DailyCleanUp>.Instance));
    }

    /// <summary>Exactly the orphans, and memory does not grow with the folder. <c>bench/clean</c> runs it alone, and measures.</summary>
    [Fact]
    public async Task Of_many_files_exactly_the_orphans_go()
    {
        var (files, orphans) = IsLong ? (100_000, 10_000) : (10_000, 1_000);
        var expected = await FillAsync(files, orphans);
        if (Turns > 0) await CompareWithFindAsync(files);
        var heap = GC.GetTotalMemory(forceFullCollection: true);

        var report = await CleanAsync(CleanUpScope.All, 7);

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - heap, long.MinValue, 16L << 20);
        Assert.Equal((files, orphans, orphans * 7L, 0), (report.Examined, report.Orphans.Files, report.Orphans.Bytes, report.Undeleted));
        Assert.Equal(expected.Order(), new FolderListing().Names(Cache).Order());
    }

    /// <summary>Processor time of a dry run against that of <c>find</c>, in turns. Of a process that does nothing else meanwhile.</summary>
    private async Task CompareWithFindAsync(int files)
    {
        var ratios = new List<double>();
        for (var turn = 0; turn < Turns; turn++)
        {
            var find = FindCpu();
            var before = Environment.CpuUsage.TotalTime;
            await CleanAsync(CleanUpScope.All, 7, dryRun: true);
            ratios.Add((Environment.CpuUsage.TotalTime - before) / find);
        }
        ratios.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Clean-up of {files} files: {ratios[ratios.Count / 2]:0.0} times the processor time of find, {ratios[0]:0.0} to {ratios[^1]:0.0} in {Turns} turns."));
        Assert.InRange(ratios[ratios.Count / 2], 0, 10);
    }

    /// <summary>Rows and files as they stand after an import, and among them files without a row. Answers the names of those with one.</summary>
    private async Task<List<string>> FillAsync(int files, int orphans)
    {
        var names = Enumerable.Range(0, files).Select(i => Name(i.ToString(CultureInfo.InvariantCulture), i % 3 == 0 ? "thumbnail" : "display")).ToList();
        foreach (var name in names) Write(name, TimeSpan.FromDays(8));
        var rows = names.Where((_, i) => i % (files / orphans) != 0).ToList();
        foreach (var page in rows.Chunk(5_000))
        {
            await _store.Stores.Database.WriteAsync(Lane.Bulk, sql => page.Sum(name => sql.Execute(
                "INSERT INTO blobs (key, folder_id, name, size, hash, content_type, width, height, partial, refs) VALUES ($1, $2, $3, 7, $1, 'image/webp', 1, 1, 0, 1)",
                SHA256.HashData(Encoding.UTF8.GetBytes(name)), _folder.Id.Value, name)), Cancellation);
        }
        return rows;
    }

    private TimeSpan FindCpu()
    {
        var before = ChildCpu();
        using var find = Process.Start(new ProcessStartInfo("find", [Cache, "-type", "f"]) { RedirectStandardOutput = true })!;
        find.StandardOutput.ReadToEnd();
        find.WaitForExit();
        return ChildCpu() - before;
    }

    /// <summary>User and system time of children that have ended, in hundredths of a second (fields 16 and 17 of /proc/self/stat).</summary>
    private static TimeSpan ChildCpu()
    {
        var fields = File.ReadAllText("/proc/self/stat").Split(") ")[1].Split(' ');
        return TimeSpan.FromMilliseconds(10 * (long.Parse(fields[13], CultureInfo.InvariantCulture) + long.Parse(fields[14], CultureInfo.InvariantCulture)));
    }

    private async Task<CleanUpReport> CleanAsync(CleanUpScope scope, int days, bool dryRun = false) =>
        (await _cleanUp.RunAsync(_folder.Id, new(scope, TimeSpan.FromDays(days), dryRun), Cancellation))!;

    private static IEnumerable<string> Names(CleanUpReport report) => report.Listed.Select(file => file.Name);

    private static string Hash(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    private static string Name(string content, string? preset) => new BlobName(new(Hash(content)), new(7_777), 1, preset, ".webp").ToString();

    private string Write(string name, TimeSpan age, string content = "content")
    {
        var path = Path.Combine(Cache, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        File.SetLastWriteTimeUtc(path, (Now - age).UtcDateTime);
        return name;
    }

    private void Age(string place, TimeSpan age)
    {
        foreach (var file in Directory.EnumerateFiles(place)) File.SetLastWriteTimeUtc(file, (Now - age).UtcDateTime);
        Directory.SetLastWriteTimeUtc(place, (Now - age).UtcDateTime);
    }
}
