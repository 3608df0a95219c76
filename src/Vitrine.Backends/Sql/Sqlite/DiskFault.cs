using Microsoft.Data.Sqlite;

namespace Vitrine.Backends.Sql.Sqlite;

/// <summary>A disk that is full, failing or read-only is no error of ours, and whoever waits is told so in the words of all files: an <see cref="IOException"/>.</summary>
internal static class DiskFault
{
    private const int ReadOnly = 8;
    private const int Failing = 10;
    private const int Full = 13;
    private const int CannotOpen = 14;

    /// <summary>The failure itself where it is none of the disk.</summary>
    public static Exception Of(SqliteException failed) => IsOfDisk(failed) ? Named(failed) : failed;

    /// <summary>What the work answers; a fault of the disk by its name.</summary>
    public static T Named<T>(Func<SqlSession, T> work, SqlSession session)
    {
        try
        {
            return work(session);
        }
        catch (SqliteException failed) when (IsOfDisk(failed))
        {
            throw Named(failed);
        }
    }

    private static bool IsOfDisk(SqliteException failed) => failed.SqliteErrorCode is ReadOnly or Failing or Full or CannotOpen;

    private static IOException Named(SqliteException failed) => new($"The database cannot be written: {failed.Message}", failed);
}
