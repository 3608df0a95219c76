using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace Vitrine.Backends.Sql.Sqlite;

/// <summary>A group is one transaction with a savepoint for each piece.</summary>
internal sealed class SqliteWriter : SqlWriter
{
    private const int MaxGroup = 1000;
    private readonly SqlSession _session;

    public SqliteWriter(SqlSession session) : base(MaxGroup)
    {
        _session = session;
        Start();
    }

    protected override void RunGroup(Piece first)
    {
        var done = new List<Piece>();
        var started = Stopwatch.GetTimestamp();
        try
        {
            _session.Execute("BEGIN IMMEDIATE");
            for (var piece = first; piece is not null; piece = TakeMore(done.Count, started))
            {
                done.Add(piece);
                RunPiece(piece);
            }
            _session.Execute("COMMIT");
        }
        catch (SqliteException failed)
        {
            if (!done.Contains(first)) done.Add(first);
            RollBack();
            foreach (var piece in done) piece.Fail(DiskFault.Of(failed));
            return;
        }
        foreach (var piece in done) piece.Complete();
        Ring();
    }

    protected override void Close() => _session.Dispose();

    private void RunPiece(Piece piece)
    {
        _session.Execute("SAVEPOINT piece");
        if (!piece.Run(_session)) _session.Execute("ROLLBACK TO piece");
        _session.Execute("RELEASE piece");
    }

    /// <summary>Some errors (a full disk) roll back by themselves: then there is no transaction left to end.</summary>
    private void RollBack()
    {
        try
        {
            _session.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // The transaction is gone already, which is what was asked for.
        }
    }
}
