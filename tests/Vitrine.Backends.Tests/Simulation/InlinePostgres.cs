using Npgsql;
using Vitrine.Backends.Sql;
using Vitrine.Backends.Sql.Postgres;
using Vitrine.Backends.Tests.Postgres;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>A real server, asked on the calling thread over one connection; its database is emptied between histories, and rented from the tests' server.</summary>
internal sealed class InlinePostgres(PostgresScratch scratch) : InlineDatabase
{
    /// <summary>Histories after which the rows that were emptied are cleared away: the tests' server does not do that by itself.</summary>
    private const int VacuumEvery = 10;

    private readonly PostgresSession _session = Open(scratch.Database.Connections);
    private int _emptied;

    public override long Changes => _session.Changes;

    public override void Empty()
    {
        scratch.EmptyAsync().GetAwaiter().GetResult();
        if (++_emptied % VacuumEvery == 0) PostgresConnections.Execute((NpgsqlConnection)_session.Connection, "VACUUM");
    }

    public override T Read<T>(Func<SqlSession, T> read) => Transact("ISOLATION LEVEL REPEATABLE READ, READ ONLY", read);

    public override void Dispose()
    {
        _session.Dispose();
        scratch.Return();
    }

    protected override Task<T> RunAsync<T>(Lane lane, Func<SqlSession, T> write, CancellationToken cancellation) => Task.FromResult(Transact("", write));

    /// <summary>A machine that is busy with other tests may let a history wait in the midst of a transaction: that is no node that stalls.</summary>
    private static PostgresSession Open(PostgresConnections connections)
    {
        var session = connections.OpenSession();
        PostgresConnections.Execute((NpgsqlConnection)session.Connection, "SET idle_in_transaction_session_timeout = 0");
        return session;
    }

    private T Transact<T>(string how, Func<SqlSession, T> work)
    {
        _session.Begin(how);
        var done = false;
        try
        {
            var answer = work(_session);
            _session.Execute("COMMIT");
            done = true;
            return answer;
        }
        finally
        {
            if (!done)
            {
                _session.Discard();
                _session.Execute("ROLLBACK");
            }
        }
    }
}
