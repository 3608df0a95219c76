using Vitrine.Backends.Tests.Specs;

namespace Vitrine.Backends.Tests.Postgres;

/// <summary>PostgreSQL on a real server, in a database that is this store's alone while it is open.</summary>
public sealed class PostgresStore : SqlStore
{
    private readonly PostgresScratch _scratch;

    private PostgresStore(PostgresScratch scratch)
    {
        _scratch = scratch;
        Stores = new(scratch.Database, Time);
    }

    public override int Fewer => Environment.GetEnvironmentVariable("VITRINE_LONG") == "1" ? 1 : 10;

    public static async Task<Store> OpenAsync()
    {
        var scratch = await (await PostgresServer.UseAsync()).RentAsync();
        await scratch.EmptyAsync();
        return new PostgresStore(scratch);
    }

    public override ValueTask DisposeAsync()
    {
        _scratch.Return();
        return ValueTask.CompletedTask;
    }
}
