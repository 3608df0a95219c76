using Vitrine.Backends.Sql;
using Vitrine.Backends.Sql.Postgres;

namespace Vitrine.Backends.Tests.Postgres;

/// <summary>An open database that test after test uses, each from the same beginning.</summary>
internal sealed class PostgresScratch(PostgresServer server, PostgresOptions options)
{
    /// <summary>All that is counted up begins anew, and the rows that the migrations bring are as they were: they are kept in a schema of their own.</summary>
    private const string Seed =
        """
        CREATE SCHEMA seeds;
        CREATE TABLE seeds.sequence AS SELECT * FROM sequence;
        CREATE TABLE seeds.cache_totals AS SELECT * FROM cache_totals;
        CREATE TABLE seeds.presets AS SELECT * FROM presets;
        CREATE FUNCTION seeds.empty() RETURNS void LANGUAGE plpgsql AS $$
        DECLARE name text; used bool;
        BEGIN
            SET LOCAL session_replication_role = replica;
            FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_version' LOOP
                EXECUTE format('DELETE FROM public.%I', name);
            END LOOP;
            FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'seeds' LOOP
                EXECUTE format('INSERT INTO public.%I SELECT * FROM seeds.%I', name, name);
            END LOOP;
            FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
                PERFORM setval(format('public.%I', name)::regclass, 1, false);
            END LOOP;
        END $$;
        """;

    public PostgresDatabase Database { get; } = Prepare(PostgresDatabase.Open(options, null));

    public Task EmptyAsync() => Database.WriteAsync(Lane.Bulk, sql =>
    {
        sql.Number("SELECT 1 FROM (SELECT seeds.empty()) AS emptied");
        return true;
    }, CancellationToken.None);

    public void Return() => server.Return(this);

    public ValueTask CloseAsync() => Database.DisposeAsync();

    private static PostgresDatabase Prepare(PostgresDatabase database)
    {
        using var connection = database.Connections.Open();
        PostgresConnections.Execute(connection, Seed);
        return database;
    }
}
