namespace Vitrine.Server.Hosting;

/// <summary>
/// Which thread goes on when bytes have come. The runtime hands them from the thread that waits for all sockets to one of the pool, and Kestrel hands them to the pool
/// again: without the first of the two 4 % more requests a second are answered from memory (decision 18). The runtime's switch is one for the whole process, and a continuation that
/// waits would then hold up every connection. So it is set where all sockets are Kestrel's and <see cref="Outgoing.OutgoingHttp"/>'s alone, whose streams leave that
/// thread at once: not with PostgreSQL or RabbitMQ, whose clients are others' work.
/// </summary>
internal static class SocketThreads
{
    private const string Switch = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>To be called before the process's first socket; what the environment says already holds.</summary>
    public static void Choose(Settings settings)
    {
        if (AreOurs(settings) && Environment.GetEnvironmentVariable(Switch) is null) Environment.SetEnvironmentVariable(Switch, "1");
    }

    internal static bool AreOurs(Settings settings) => !settings.Postgres.IsOn && !settings.RabbitMq.IsOn;
}
