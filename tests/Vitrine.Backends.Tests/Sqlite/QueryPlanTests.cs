using Microsoft.Data.Sqlite;
using Vitrine.Backends.Sql;
using Vitrine.Backends.Sql.Sqlite;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Core.Alerts;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Schedules;
using Vitrine.Core.Statistics;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Sqlite;

/// <summary>No listing, lease or offer may read through a table: each statement that the stores run is explained.</summary>
public sealed class QueryPlanTests : IAsyncLifetime
{
    /// <summary>Bounded by their nature: users, libraries, folders, schedules, one row, and the temporary results of a list given as JSON.</summary>
    private static readonly string[] Small =
    [
        "libraries", "library_derivatives", "cache_folders", "folder_presets", "users", "settings", "n", "nodes", "engine_looks", "sequence",
        "schedules", "presets", "s", "json_each", "d", "w", "gone", "CONSTANT", "failure_groups", "brakes", "lost", "lost_images", "found",
        "lost_of", "found_of", "known", "rest", "sizes", "scans", "fresh", "preset_costs", "most", "arm", "h",
    ];

    private static readonly char[] Digits = [.. "0123456789"];

    private SqliteStore _store = null!;
    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-plan-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = (SqliteStore)await SqliteStore.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task No_statement_reads_through_a_large_table()
    {
        var statements = await RunEverythingAsync();
        Assert.True(statements.Count > 60, $"Only {statements.Count} statements were seen.");

        using var connection = SqliteConnections.OpenWriter(Path.Combine(_folder, "plan.db"));
        Migrations.Apply(connection);
        var scans = statements.SelectMany(sql => Scans(connection, sql)).ToList();
        Assert.True(scans.Count == 0, string.Join("\n\n", scans));
    }

    private async Task LookAtTheBrakeAsync(Story story, Library library)
    {
        var all = new Tree().With("sub", new Picture("00001.jpg", 2)).With("more", Story.Pictures(9)).With("b.cbz", ContainerKind.Zip, 1, Story.Pictures(2));
        foreach (var verdict in Enum.GetValues<BrakeVerdict>().Reverse())
        {
            await story.ScanAsync(library, all);
            await story.DeriveAllAsync((await _store.CacheFolders.ListAsync(Cancellation))[0]);
            var left = new Tree().With("sub", new Picture("00001.jpg", 2)).With("more", new Picture("00001.jpg", 1, 7));
            await story.ScanAsync(library, left, step: lease => Story.Step(lease, left) with { Brake = new(1, 1) });
            Assert.Single(await _store.Brakes.ListAsync(Cancellation));
            await _store.Brakes.DecideAsync(library.Id, verdict, Cancellation);
            while (await _store.Brakes.ApplyAsync(3, Cancellation)) { }
        }
        await story.ScanAsync(library, new Tree().With("sub", new Picture("00001.jpg", 2)));
    }

    /// <summary>One of everything that the engine and the server do while they run (the audit reads all by its nature).</summary>
    private async Task<IReadOnlyCollection<string>> RunEverythingAsync()
    {
        var story = new Story(_store);
        var folder = await story.AddFolderAsync();
        var library = await story.AddLibraryAsync();
        await story.ScanAsync(library, new Tree().With("sub", Story.Pictures(3)).With("a.cbz", ContainerKind.Zip, 1, Story.Pictures(2)));
        await _store.Batches.OfferAsync(new(4, TimeSpan.Zero), Cancellation);
        await _store.Batches.OfferAsync(new(4, TimeSpan.Zero), Cancellation);
        var died = await story.MustLeaseAsync();
        await _store.CacheFolders.ReserveAsync(died.Token, folder.Id, 10, Cancellation);
        await _store.Batches.ReleaseAsync(new BatchRelease.Died(died.Token, 0, new(1, 1, 1)), Cancellation);
        await story.DeriveAllAsync(folder);
        await story.ScanAsync(library, new Tree().With("sub", new Picture("00001.jpg", 2)));
        await LookAtTheBrakeAsync(story, library);
        await _store.Batches.AddAsync(new BatchAddition.OnDemand(new(1), ["full"]), Cancellation);
        await story.DeriveAllAsync(folder);
        await SequentialAsync(story);

        await LookThroughLinksAsync(library.Id);
        await FailEverythingAsync(story, library);
        await ControlEverythingAsync(story, library);
        await ReadEverythingAsync(library.Id);
        await UseAccountsAsync(library.Id);
        await _store.Libraries.RemoveAsync(library.Id, Cancellation);
        while (await _store.Libraries.SweepRemovedAsync(1, Cancellation)) { }
        return await _store.Database.StatementsAsync();
    }

    private async Task LookThroughLinksAsync(LibraryId library)
    {
        var user = (await _store.Users.AddAsync(new("linker", "hash", Role.Viewer, false, [library]), Cancellation))!;
        var collection = (await _store.Catalog.CollectionsAsync(Grants.All, new(), Cancellation)).Items[0].Id;
        var share = (await _store.Shares.AddAsync(new(collection, user.Id, "", DateTimeOffset.MaxValue, [1]), Cancellation))!;
        await _store.Shares.FindAsync([1], Cancellation);
        foreach (var grants in new[] { Grants.All, Grants.Of([library]) })
        {
            await _store.Shares.ListAsync(grants, user.Id, null, 50, Cancellation);
            await _store.Shares.ListAsync(grants, null, null, 50, Cancellation);
        }
        await _store.Shares.RemoveAsync(share.Id, user.Id, Cancellation);
        for (var time = 0; time < 2; time++) await _store.ExternalLogins.FindOrAddAsync(new("https://id.example.org", "1", "ana", "hash"), Role.Viewer, Cancellation);
    }

    private async Task UseAccountsAsync(LibraryId library)
    {
        byte[] token = [.. Enumerable.Repeat((byte)5, 32)];
        foreach (var name in new[] { "ada", "bea" })
        {
            var added = (await _store.Users.AddAsync(new(name, "hash", Role.Admin, true, [library]), Cancellation))!;
            await _store.Users.ChangeAsync(added.Id, new(PasswordHash: "other", Grant: [library], Revoke: [library]), Cancellation);
        }
        var user = (await _store.Users.ListAsync(null, 1, Cancellation)).Items[0].Id;
        await _store.Users.HasAdminAsync(Cancellation);
        await _store.Sessions.RecordAttemptAsync(user, true, new(5, TimeSpan.FromMinutes(15)), new(default, null, "", null, "lockOut", null, null), Cancellation);
        await _store.Sessions.AddAsync(user, token, TimeSpan.FromDays(1), "", Cancellation);
        await _store.ApiKeys.AddAsync(new(user, "key", token, Scopes.View, _store.Time.GetUtcNow().AddDays(1)), Cancellation);
        _store.Time.Advance(TimeSpan.FromMinutes(2));
        await _store.Sessions.FindAsync(token, Cancellation);
        await _store.ApiKeys.FindAsync(token, Cancellation);
        await _store.Sessions.ListAsync(user, Cancellation);
        var key = Assert.Single(await _store.ApiKeys.ListAsync(user, Cancellation));
        await _store.Sessions.RevokeAsync(user, new(1), null, Cancellation);
        await _store.Sessions.RevokeAsync(user, null, token, Cancellation);
        await _store.Sessions.RemoveAsync(token, Cancellation);
        await _store.ApiKeys.RevokeAsync(user, key.Id, Cancellation);
        await _store.Audit.AddAsync(new(_store.Time.GetUtcNow(), user, "ada", null, "what", null, null), Cancellation);
        foreach (var query in new AuditQuery[] { new(), new(user), new(What: "what"), new(user, "what") }) await _store.Audit.ListAsync(query, Cancellation);
        await _store.Users.RemoveAsync(user, Cancellation);
        foreach (var _ in new[] { 1, 2 }) await _store.Rates.TakeAsync(new("key", 1, 1, TimeSpan.FromMinutes(1)), Cancellation);
        await _store.Withdrawals.SinceAsync(0, Cancellation);
    }

    /// <summary>An archive that is read in one pass: its cover in view, and what stands for it, and what failed in it.</summary>
    private async Task SequentialAsync(Story story)
    {
        var library = await story.AddLibraryAsync("two");
        await story.ScanAsync(library, new Tree().With("a.7z", ContainerKind.SolidSevenZip, 1, Story.Pictures(3)));
        var page = await _store.Catalog.CollectionsAsync(Grants.All, new(library.Id), Cancellation);
        await _store.Batches.AddAsync(new BatchAddition.InView([page.Items[0].Cover!.Id]), Cancellation);
        await _store.Batches.LeaseAsync(new("node"), Cancellation);
        var lease = await story.MustLeaseAsync();
        await story.CommitAsync(lease, story.Done(lease, lease.Items[1], await FolderAsync()), new ItemResult(lease.Items[2].Item, Outcome.Failed, Reason.Corrupt));
        await _store.Catalog.CollectionsAsync(Grants.All, new(library.Id), Cancellation);
        foreach (var failures in new FailureQuery[] { new FailureQuery.OfJob(lease.Job!.Value), new FailureQuery.Standing() })
            await _store.Catalog.ToDeriveAsync(new(library.Id, ["medium"], Failures: failures), null, 10, Cancellation);
        await _store.Jobs.ControlAsync(lease.Job.Value, new JobCommand.Cancel(), Cancellation);
    }

    private async Task<CacheFolder> FolderAsync() => (await _store.CacheFolders.ListAsync(Cancellation))[0];

    private async Task ControlEverythingAsync(Story story, Library library)
    {
        var scope = new JobScope(library.Id, ["medium"]);
        var job = await story.PlanAsync(scope, [await story.WholeBatchAsync(scope)]);
        await story.PlanAsync(scope, [await story.WholeBatchAsync(scope)]);
        await _store.Nodes.BeatAsync(new("node"), 4, [], Cancellation);
        await _store.Nodes.ListAsync(TimeSpan.FromMinutes(1), Cancellation);
        var lease = await story.MustLeaseAsync();
        await story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, Outcome.Failed, Reason.SourceSlow, RetryAfter: TimeSpan.FromMinutes(1)));
        await _store.Batches.ReleaseAsync(new BatchRelease.HandedBack(lease.Token), Cancellation);
        await story.LeaseAsync();
        var timeout = TimeSpan.FromMinutes(30);
        await _store.Clock.LookAsync(new(TimeSpan.FromDays(1), TimeSpan.FromMinutes(1), timeout), Cancellation);
        await _store.Clock.StaleAsync(timeout, Cancellation);
        JobCommand[] commands =
        [
            new JobCommand.Prioritise(BatchClass.Low), new JobCommand.Recover(TimeSpan.Zero), new JobCommand.ResumeStale(timeout, new()), new JobCommand.GiveUp(timeout),
        ];
        foreach (var command in commands) await _store.Jobs.ControlAsync(job.Id, command, Cancellation);
        _store.Time.Advance(2 * timeout);
        foreach (var command in commands) await _store.Jobs.ControlAsync(job.Id, command, Cancellation);
        _store.Time.Advance(2 * timeout);
        await _store.Jobs.ControlAsync(job.Id, commands[^1], Cancellation);
        _store.Time.Advance(TimeSpan.FromDays(40));
        foreach (var whole in new[] { false, true })
        {
            await _store.Jobs.PruneAsync(new(_store.Time.GetUtcNow(), whole, Libraries: [library.Id]), Cancellation);
            await _store.Jobs.PruneAsync(new(_store.Time.GetUtcNow(), whole), Cancellation);
        }
    }

    private async Task FailEverythingAsync(Story story, Library library)
    {
        var scan = await story.StartScanAsync(library);
        while (await story.LeaseAsync() is { } lease)
        {
            if (lease.Handler == Handler.Scan) await story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, Outcome.Failed, Reason.ArchiveCorrupt));
            else await story.CommitAsync(lease, [.. lease.Items.Select(i => new ItemResult(i.Item, Outcome.Failed, Reason.Corrupt))]);
        }
        var force = new JobScope(library.Id, ["thumbnail"], Force: true);
        await story.PlanAsync(force, [await story.WholeBatchAsync(force)]);
        var dies = await story.MustLeaseAsync();
        await story.CommitAsync(dies, new ItemResult(dies.Items[0].Item, Outcome.Failed, Reason.Corrupt));
        await _store.Batches.ReleaseAsync(new BatchRelease.Died(dies.Token, 0, new(1, 1, 1)), Cancellation);
        FailureQuery[] queries =
        [
            new FailureQuery.Standing(), new FailureQuery.Standing(Collection: dies.Collection), new FailureQuery.Standing(Image: new(dies.Items[0].Item)),
            new FailureQuery.Standing(Collection: dies.Collection, Image: new(dies.Items[0].Item)), new FailureQuery.OfJob(scan.Id), new FailureQuery.OfJob(dies.Job!.Value),
            new FailureQuery.OfBatch(dies.Batch),
        ];
        foreach (var query in queries)
        {
            await _store.Failures.ListAsync(Grants.All, query, null, 10, Cancellation);
            await _store.Catalog.ToDeriveAsync(new(library.Id, ["thumbnail"], Failures: query), null, 10, Cancellation);
            if (query is FailureQuery.Standing standing)
            {
                await _store.Failures.IgnoreAsync(Grants.All, standing, true, Cancellation);
                await _store.Failures.IgnoreAsync(Grants.All, standing, false, Cancellation);
            }
        }
        foreach (var grants in new[] { Grants.All, Grants.Of([library.Id]) }) await _store.Failures.DeadBatchesAsync(grants, null, 10, Cancellation);
        foreach (var query in queries) await _store.Failures.RetryAsync(Grants.All, query, "key", Cancellation);
        foreach (var query in queries) await _store.Failures.RetryAsync(Grants.All, query, null, Cancellation);
        foreach (var job in (await _store.Jobs.ListAsync(new(Open: true), Cancellation)).Items) await _store.Jobs.ControlAsync(job.Id, new JobCommand.Cancel(), Cancellation);
        await _store.Failures.DropAsync(Grants.All, dies.Batch, Cancellation);
        var alert = new NewAlert("a", "b", AlertSeverity.Info, "c");
        await _store.Alerts.RaiseAsync(alert, Cancellation);
        await _store.Alerts.TakeUnloggedAsync(10, Cancellation);
        foreach (var open in new[] { true, false }) await _store.Alerts.ListAsync(Grants.All, open, null, 10, Cancellation);
        await _store.Alerts.DismissAsync(Grants.All, new(1), Cancellation);
        await _store.Alerts.ClearAsync(alert.Code, alert.Subject, Cancellation);
    }

    private async Task ReadEverythingAsync(LibraryId library)
    {
        foreach (var grants in new[] { Grants.All, Grants.Of([library]) })
        {
            foreach (var sort in Enum.GetValues<CollectionSort>())
            {
                foreach (var only in new LibraryId?[] { null, library })
                {
                    var page = await _store.Catalog.CollectionsAsync(grants, new(only, Sort: sort, Limit: 1), Cancellation);
                    await _store.Catalog.CollectionsAsync(grants, new(only, Sort: sort, Limit: 1, After: page.Next), Cancellation);
                    page = await _store.Catalog.CollectionsAsync(grants, new(only, Search: "s", Sort: sort, Descending: true, Limit: 1), Cancellation);
                    await _store.Catalog.CollectionsAsync(grants, new(only, Search: "s", Sort: sort, Descending: true, Limit: 1, After: page.Next), Cancellation);
                }
            }
        }
        var image = (await _store.Catalog.RandomAsync(Grants.All, 0.5, Cancellation))!;
        await _store.Catalog.ImagesAsync(Grants.All, image.Collection, null, 10, Cancellation);
        await _store.Catalog.NeighboursAsync(Grants.All, image.Id, Cancellation);
        await _store.Catalog.ImageAsync(Grants.All, image.Id, Cancellation);
        foreach (var scope in new JobScope[] { new(library, ["full"]), new(library, ["full"], [image.Collection]), new(library, ["full"], Images: [image.Id]) })
        {
            await _store.Catalog.ToDeriveAsync(scope, null, 10, Cancellation);
        }
        var job = (await _store.Jobs.ListAsync(new(), Cancellation)).Items[0].Id;
        foreach (var query in new JobQuery[] { new(Handler.Scan), new(Status: JobStatus.Failed), new(Open: true), new(ToPlan: true), new(Parent: job), new(Libraries: [library]),
                     new(Kind: DeriveKind.Thumbnails), new(Kind: DeriveKind.Cache), new(Handler.Derive, Kind: DeriveKind.Both), new(HeldBy: Holds.User),
                     new(Status: JobStatus.Running, HeldBy: Holds.None, Libraries: [library]) })
        {
            await _store.Jobs.ListAsync(query, Cancellation);
        }
        await _store.Jobs.DetailsAsync(job, Cancellation);
        await _store.Jobs.OwnersAsync([image.Collection], [image.Id], Cancellation);
        await _store.Failures.ListAsync(Grants.All, new FailureQuery.OfJob(job), null, 10, Cancellation);
        await _store.Failures.ListAsync(Grants.All, new FailureQuery.Standing(library), null, 10, Cancellation);
        await _store.Batches.LeasesAsync(Cancellation);
        await _store.Batches.RenewAsync("node", [new(1)], Cancellation);
        await _store.Watching.ToRevisitAsync(library, _store.Time.GetUtcNow(), 10, Cancellation);
        await _store.Blobs.BlobsAsync(null, 10, Cancellation);
        await _store.Blobs.KnownAsync(new(1), ["x"], Cancellation);
        await RemoveBlobsAsync();
        await PlaceEverythingAsync();
        await _store.Locks.RenewAsync("node", TimeSpan.FromMinutes(1), Cancellation);
        await RunScheduleAsync(library);
        await ReadStatisticsAsync(library);
        await _store.Watching.ContainersAsync(library, null, 10, Cancellation);
        await _store.Watching.NoteAsync(library, [SourcePath.Root], Cancellation);
        await _store.UnreadFiles.OfLibraryAsync(Grants.All, library, Cancellation);
    }

    private async Task ReadStatisticsAsync(LibraryId library)
    {
        var now = _store.Time.GetUtcNow();
        await _store.Usage.AddAsync(new([new(library, new(1), "thumbnail", new(1), 1, 1, 1)], [new(1)]), now, TimeSpan.FromDays(90), Cancellation);
        foreach (var grants in new[] { Grants.All, Grants.Of([library]) })
        {
            await _store.Statistics.ReadAsync(grants, Cancellation);
            await _store.Usage.SeriesAsync(grants, new(now, now), Cancellation);
            foreach (var by in new[] { UsageGroup.Preset, UsageGroup.Collection }) await _store.Usage.SumsAsync(grants, new(now, now, by), Cancellation);
        }
        await _store.Statistics.CostsAsync(Cancellation);
        await _store.Usage.WasEvictedAsync(new(1), "thumbnail", Cancellation);
        await _store.Usage.NeverServedAsync(Cancellation);
        foreach (var scope in new JobScope[] { new(library, ["full"]), new(library, ["full"], [new(1)]), new(library, ["full"], Images: [new(1)]) })
            await _store.Statistics.DrawAsync(scope, 2, Cancellation);
    }

    private async Task RemoveBlobsAsync()
    {
        await _store.Removal.UnreferencedAsync(new(1), _store.Time.GetUtcNow(), null, 10, Cancellation);
        await _store.Removal.RemoveUnreferencedAsync(new(1), [new(99)], _store.Time.GetUtcNow(), Cancellation);
        await _store.Removal.TakeOutAsync((await _store.Blobs.BlobsAsync(null, 1, Cancellation)).Items[0], Cancellation);
        await _store.Removal.RecountAsync(new FolderId(1), Cancellation);
    }

    private async Task PlaceEverythingAsync()
    {
        var folder = (await _store.CacheFolders.ListAsync(Cancellation))[0];
        await _store.CacheFolders.UpdateAsync(folder.Id, new(folder.Path, folder.Marker, 0, folder.LimitBytes, 0, [], new Dictionary<string, long> { ["full"] = 1 }), true, Cancellation);
        await _store.CacheFolders.ReserveAsync(new(9999), new(folder.Id, 1, "full"), Cancellation);
        await _store.CacheFolders.RemoveAsync(folder.Id, Cancellation);
        var blob = (await _store.Places.InFolderAsync(folder.Id, null, 10, Cancellation))[0];
        await _store.Uses.TouchAsync(new Dictionary<BlobId, DateTimeOffset> { [blob.Id] = _store.Time.GetUtcNow() }, Cancellation);
        await _store.Places.MoveAsync(blob.Id, blob.File, blob.File with { Name = "moved" }, Cancellation);
        var candidates = await _store.Places.LeastUsedAsync(folder.Id, "thumbnail", 10, Cancellation);
        await _store.Places.EvictAsync(folder.Id, [.. candidates.Select(c => c.Id)], Cancellation);
        await _store.Places.PinAsync(new(1), true, Cancellation);
        await _store.Places.PinnedBytesAsync(folder.Id, Cancellation);
    }

    private async Task RunScheduleAsync(LibraryId library)
    {
        var due = _store.Time.GetUtcNow();
        var wanted = new NewSchedule(ScheduleKind.Scan, library, "0 3 * * *", "UTC", true);
        var schedule = (await _store.Schedules.AddAsync(wanted, due, Cancellation))!.Id;
        await _store.Schedules.ChangeAsync(schedule, wanted, due, Cancellation);
        await _store.Schedules.ApplyAsync(schedule, new ScheduleStep.Move(due, due), Cancellation);
        await _store.Schedules.ApplyAsync(schedule, new ScheduleStep.Fire(due, due, null), Cancellation);
        await _store.Schedules.ApplyAsync(schedule, new ScheduleStep.End(due, ScheduleEnd.Done, null), Cancellation);
        await _store.Schedules.ListAsync(Cancellation);
        await _store.Schedules.RemoveAsync(schedule, Cancellation);
    }

    private static IEnumerable<string> Scans(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {sql}";
        for (var i = 1; i <= Math.Max(20, sql.Count(c => c == '$')); i++) command.Parameters.AddWithValue($"${i}", 1);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var detail = reader.GetString(3);
            if (detail.StartsWith("SCAN ", StringComparison.Ordinal) && !IsBounded(detail, sql)) yield return $"{detail}\n{sql}";
            var sorts = detail.Contains("TEMP B-TREE FOR ORDER BY", StringComparison.Ordinal) && sql.Contains("LIMIT", StringComparison.Ordinal);
            if (sorts && !IsSortedWhole(sql)) yield return $"{detail}\n{sql}";
        }
    }

    /// <summary>
    /// A list that a job names its images by is sorted whole for each page, and what was used most is only known once all uses are summed; nothing else is sorted to
    /// give a few rows of it.
    /// </summary>
    private static bool IsSortedWhole(string sql) =>
        sql.Contains("i.id IN (SELECT value FROM json_each", StringComparison.Ordinal) || sql.Contains("FROM usage_days", StringComparison.Ordinal);

    /// <summary>A small table; open jobs or pinned collections, of which an index holds no others; or a first page, which is read in order of an index from its beginning.</summary>
    private static bool IsBounded(string detail, string sql) =>
        Small.Contains(detail.Split(' ')[1].TrimEnd(Digits)) || detail.Contains("jobs_open", StringComparison.Ordinal)
        || detail.Contains("collections_pinned", StringComparison.Ordinal) || detail.EndsWith("VALUES CLAUSE", StringComparison.Ordinal)
        || (sql.Contains("LIMIT", StringComparison.Ordinal) && detail.Contains("USING", StringComparison.Ordinal));
}
