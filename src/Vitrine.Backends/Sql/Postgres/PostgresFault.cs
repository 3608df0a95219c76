using System.Globalization;
using Npgsql;

namespace Vitrine.Backends.Sql.Postgres;

/// <summary>What is wrong with a server or a database, in words for who can mend it.</summary>
internal static class PostgresFault
{
    /// <summary>The server ended a connection that was silent in the midst of a transaction.</summary>
    private const string IdleInTransaction = "25P03";

    /// <summary>The server is not there, not ready, or has ended a connection that stalled: in a moment it may be otherwise.</summary>
    public static bool MayPass(NpgsqlException failed) => failed switch
    {
        PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown or IdleInTransaction } => true,
        PostgresException => false,
        _ => true,
    };

    /// <summary>Why the store cannot be used. Neither text nor code shows the password.</summary>
    public static StoreException Named(NpgsqlException failed, NpgsqlConnectionStringBuilder at)
    {
        var server = string.Create(CultureInfo.InvariantCulture, $"{at.Host}:{at.Port}");
        return failed switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } => new(
                "database-credentials", $"PostgreSQL at {server} refuses user '{at.Username}': {Text(failed)} Correct Username and Password in Postgres:ConnectionString.", failed),
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => new(
                "database-missing", $"PostgreSQL at {server} has no database '{at.Database}'. Make it (CREATE DATABASE \"{at.Database}\" OWNER \"{at.Username}\" ENCODING 'UTF8' TEMPLATE template0), or correct Database in Postgres:ConnectionString.", failed),
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => new(
                "database-permissions", $"User '{at.Username}' may not do all that is needed in database '{at.Database}': {Text(failed)} Make the user its owner.", failed),
            PostgresException => new("database-unusable", $"PostgreSQL at {server}, database '{at.Database}': {Text(failed)}", failed),
            _ => new("database-unreachable", $"No PostgreSQL answers at {server}: {Text(failed)} Start it, or correct Host and Port in Postgres:ConnectionString.", failed),
        };
    }

    /// <summary>The server did not come back in time; nothing of what was asked for was written.</summary>
    public static IOException Gone(NpgsqlException failed) => new($"The database cannot be reached: {Text(failed)}", failed);

    /// <summary>The connection was lost while a commit was under way.</summary>
    public static IOException Unknown(NpgsqlException failed) => new($"The database went away before it said whether it had written: {Text(failed)}", failed);

    private static string Text(NpgsqlException failed)
    {
        var text = failed is PostgresException named ? named.MessageText : (failed.InnerException ?? failed).Message;
        return text.EndsWith('.') ? text : $"{text}.";
    }
}
