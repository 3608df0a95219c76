using Microsoft.Data.Sqlite;
using Vitrine.Backends;
using Vitrine.Backends.Files;
using Vitrine.Backends.Sql;
using Vitrine.Backends.Sql.Postgres;
using Vitrine.Core;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Server.Cli;

namespace Vitrine.Server.Hosting;

/// <summary>The data folder in our hands: locked, and the database open and of this version, in the folder or on a server. Everything wrong with them is told here, in one line.</summary>
internal sealed class OwnedFolder : IAsyncDisposable
{
    private readonly DataFolderLock _lock;
    private readonly Stores _store;

    private OwnedFolder(DataFolder data, DataFolderLock held, Settings settings, TimeProvider time, Stores store) =>
        (Data, _lock, Settings, Time, _store) = (data, held, settings, time, store);

    public DataFolder Data { get; }

    public Settings Settings { get; }

    /// <summary>Of all that runs in this process: the database's, where other nodes share it.</summary>
    public TimeProvider Time { get; }

    public static async Task<OwnedFolder> TakeAsync(OwnerPlan plan, CancellationToken cancellation)
    {
        var path = DataFolders.Find(plan.DataPath).Path;
        var held = Lock(path, plan.AllowNetwork);
        try
        {
            // Only now it is sure to exist, so that links on the way to it can be resolved.
            var data = DataFolders.Find(path);
            var settings = Settings.Load(data.Path, plan.Given);
            var time = plan.Time ?? TimeProvider.System;
            if (plan.Joins && !settings.Postgres.IsOn)
                throw Refusal.CouldNotRun("A node works on a database that others share, and none is named: set Postgres:ConnectionString (docs/cluster.md), or run 'vitrine serve'.");
            if (!settings.Postgres.IsOn) return new(data, held, settings, time, await OpenInAsync(data, time, cancellation));
            var clock = new DatabaseClock(time);
            return new(data with { HoldsStore = false }, held, settings, clock, await OpenOnServerAsync(settings.Postgres, clock, cancellation));
        }
        catch (Refusal)
        {
            held.Dispose();
            throw;
        }
    }

    private static async Task<Stores> OpenInAsync(DataFolder data, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            return await Stores.OpenSqliteAsync(data.Path, time, cancellation);
        }
        catch (StoreException unusable)
        {
            throw Refusal.CouldNotRun($"{unusable.Message} Restore a backup of it, or give another data folder with --data DIR.");
        }
        catch (SqliteException failed)
        {
            throw Refusal.CouldNotRun($"The database in '{data.Path}' cannot be opened: {failed.Message} Check its permissions and the space on its disk.");
        }
    }

    private static async Task<Stores> OpenOnServerAsync(PostgresOptions options, DatabaseClock clock, CancellationToken cancellation)
    {
        try
        {
            return await Stores.OpenPostgresAsync(options, clock, cancellation);
        }
        catch (StoreException unusable)
        {
            throw Refusal.CouldNotRun(unusable.Message);
        }
    }

    public void AddTo(IServiceCollection services, NodeOptions options)
    {
        var node = Node.Of(NodeHome.Of(Data.Path, options.Name), ProgramVersion.Text, options);
        services.AddSingleton(node).AddSingleton(new FormerOwner(node.Home)).AddSingleton(new NodeRoots(new RootProbe(), node.Roots));
        services.AddStores(_store).AddFiles().AddTakeOver();
    }

    /// <summary>Tells a second owner where this one listens.</summary>
    public void Describe(string url) => _lock.Describe(url);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _lock.Dispose();
    }

    private static DataFolderLock Lock(string path, bool allowNetwork)
    {
        try
        {
            return DataFolderLock.Take(path, allowNetwork);
        }
        catch (DataFolderException taken)
        {
            throw Refusal.CouldNotRun($"{taken.Message} Use that one, end it, or give another data folder with --data DIR.");
        }
        catch (Exception denied) when (denied is UnauthorizedAccessException or IOException)
        {
            throw Refusal.CouldNotRun($"The data folder '{path}' cannot be used: {denied.Message} Give one that you may write, with --data DIR.");
        }
    }
}
