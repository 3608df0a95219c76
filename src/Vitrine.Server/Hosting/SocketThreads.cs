using System.Runtime.CompilerServices;

namespace Vitrine.Server.Hosting;

/// <summary>
/// Which thread goes on when bytes have come. The runtime hands them from a thread that waits for sockets to one of the pool, and Kestrel hands them to the pool
/// again: without either an answer from memory takes an eighth less processor time (decision 18). The runtime's switch is one for the whole process, and a continuation that
/// waits would then hold up every connection. So it is set where all sockets are Kestrel's and <see cref="Outgoing.OutgoingHttp"/>'s alone, whose requests and streams leave
/// that thread (<see cref="PooledConnection"/>, <see cref="Outgoing.PooledStream"/>): not with PostgreSQL or RabbitMQ, whose clients are others' work.
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

    /// <summary>What comes behind it runs on a thread of the pool.</summary>
    internal static ConfiguredTaskAwaitable ToPool() =>
        Task.CompletedTask.ConfigureAwait(Thread.CurrentThread.IsThreadPoolThread ? ConfigureAwaitOptions.None : ConfigureAwaitOptions.ForceYielding);

    /// <summary>The same, whose end is seen on a thread of the pool, a failure as well.</summary>
    internal static async ValueTask<T> OnPoolAsync<T>(ValueTask<T> pending)
    {
        try
        {
            return await pending;
        }
        finally
        {
            await ToPool();
        }
    }
}
