using System.Diagnostics;
using Npgsql;

namespace Vitrine.Backends.Sql.Postgres;

/// <summary>
/// The writer of this node. Each transaction begins with the lock that all nodes share, so that there is one writer in the store and what is committed becomes
/// visible in its order. A transaction that is lost before its commit was sent is run again; one that is lost while it commits fails to whoever waits.
/// </summary>
internal sealed class PostgresWriter : SqlWriter
{
    /// <summary>Fewer than the subtransactions that a snapshot has room for.</summary>
    private const int MaxGroup = 50;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly PostgresConnections _connections;
    private readonly TimeSpan _patience;
    private readonly DatabaseClock? _clock;
    private readonly string _notify;
    private PostgresSession? _session;

    /// <param name="patience">How long a server that is not there is waited for.</param>
    /// <param name="notify">The statement that tells other nodes of a commit.</param>
    public PostgresWriter(PostgresConnections connections, TimeSpan patience, DatabaseClock? clock, string notify) : base(MaxGroup)
    {
        (_connections, _patience, _clock, _notify) = (connections, patience, clock, notify);
        Start();
    }

    /// <summary>Waits for the lock that makes one writer of all nodes (its key: what for, and the schema), then says what time it is.</summary>
    private const string LockAndTime =
        "SELECT pg_advisory_xact_lock(1447841875, hashtext(current_schema())), (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

    protected override void RunGroup(Piece first)
    {
        var group = new List<Piece> { first };
        var lost = 0L;
        while (true)
        {
            try
            {
                RunOnce(group);
                return;
            }
            catch (NpgsqlException failed) when (_session?.IsLost != false && PostgresFault.MayPass(failed))
            {
                Close();
                if (lost == 0) lost = Stopwatch.GetTimestamp();
                if (Stopwatch.GetElapsedTime(lost) < _patience && !Stopping.WaitHandle.WaitOne(Pause)) continue;
                Lose(group, PostgresFault.Gone(failed));
                return;
            }
            catch (NpgsqlException failed)
            {
                Close();
                Lose(group, failed is PostgresException ? DiskFault.Of(failed) : PostgresFault.Gone(failed));
                return;
            }
        }
    }

    protected override void Close()
    {
        _session?.Dispose();
        _session = null;
    }

    private void RunOnce(List<Piece> group)
    {
        var session = _session ??= _connections.OpenSession();
        var changes = session.Changes;
        session.Begin();
        var now = session.Query(LockAndTime, row => row.Long(1))[0];
        _clock?.Seen(DateTimeOffset.UnixEpoch.AddMicroseconds(now));

        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < group.Count; i++)
        {
            if (!RunPiece(session, group[i], alone: group.Count == 1))
            {
                session.Execute("ROLLBACK");
                group[i].Complete();
                return;
            }
            if (i == group.Count - 1 && TakeMore(group.Count, started) is { } more) group.Add(more);
        }
        Commit(session, group, session.Changes != changes);
    }

    /// <summary>
    /// The first piece needs no savepoint: where it fails, nothing of another one is lost with it, and the transaction ends (false). Any other one that fails is taken back.
    /// </summary>
    private static bool RunPiece(PostgresSession session, Piece piece, bool alone)
    {
        var before = session.RoundTrips;
        if (!alone) session.Send("SAVEPOINT piece");
        var done = piece.Run(session);
        if (session.IsLost) throw new NpgsqlException("The connection was lost in the midst of a write.");
        if (!done) session.Discard();
        if (alone) return done;
        // It failed before anything of it ran, the savepoint included.
        if (!done && session.RoundTrips == before) return true;
        if (!done) session.Send("ROLLBACK TO piece");
        session.Send("RELEASE piece");
        return true;
    }

    private void Commit(PostgresSession session, List<Piece> group, bool changed)
    {
        if (changed) session.Send(_notify);
        try
        {
            session.Execute("COMMIT");
        }
        catch (NpgsqlException failed)
        {
            Close();
            Lose(group, failed is PostgresException { SqlState: not PostgresErrorCodes.AdminShutdown } ? DiskFault.Of(failed) : PostgresFault.Unknown(failed));
            return;
        }
        foreach (var piece in group) piece.Complete();
        Ring();
    }

    private static void Lose(List<Piece> group, Exception failure)
    {
        foreach (var piece in group) piece.Lose(failure);
    }
}
