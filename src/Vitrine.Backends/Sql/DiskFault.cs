using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Vitrine.Backends.Sql;

/// <summary>A disk that is full, failing or read-only is no error of ours, and whoever waits is told so in the words of all files: an <see cref="IOException"/>.</summary>
internal static class DiskFault
{
    private const int ReadOnly = 8;
    private const int Failing = 10;
    private const int Full = 13;
    private const int CannotOpen = 14;

    /// <summary>The failure itself where it is none of the disk.</summary>
    public static Exception Of(DbException failed) => IsOfDisk(failed) ? Named(failed) : failed;

    /// <summary>What the work answers, with all that it sent; a fault of the disk by its name.</summary>
    public static T Named<T>(Func<SqlSession, T> work, SqlSession session)
    {
        try
        {
            var answer = work(session);
            session.Flush();
            return answer;
        }
        catch (DbException failed) when (IsOfDisk(failed))
        {
            throw Named(failed);
        }
    }

    private static bool IsOfDisk(DbException failed) => failed switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is ReadOnly or Failing or Full or CannotOpen,
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.DiskFull or PostgresErrorCodes.IoError or PostgresErrorCodes.ReadOnlySqlTransaction,
        _ => false,
    };

    private static IOException Named(DbException failed) => new($"The database cannot be written: {failed.Message}", failed);
}
