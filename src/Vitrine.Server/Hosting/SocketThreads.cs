using System.Globalization;
using Vitrine.Core;

namespace Vitrine.Server.Hosting;

/// <summary>
/// Which thread goes on when bytes have come. The runtime hands them from a thread that waits for sockets to one of the pool, and Kestrel hands them to the pool
/// again: without either an answer from memory takes an eighth less processor time (decision 18). The runtime's switch is one for the whole process, and a continuation that
/// waits would then hold up every connection. So it is set where all sockets are Kestrel's and <see cref="Outgoing.OutgoingHttp"/>'s alone and all pipes are decoders', whose requests and
/// streams leave that thread (<see cref="PooledConnection"/>, <see cref="PooledStream"/>): not with PostgreSQL or RabbitMQ, whose clients are others' work. With that switch the
/// runtime has one such thread for each core, all of which wake for a few bytes; fewer, which find more at once when they wake, take a tenth less for each answer.
/// </summary>
internal static class SocketThreads
{
    private const string Switch = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string Count = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>One answers some 50,000 requests a second from memory.</summary>
    private const int CoresForEach = 4;

    /// <summary>To be called before the process's first socket; what the environment says already holds.</summary>
    public static void Choose(Settings settings)
    {
        if (!AreOurs(settings)) return;
        Default(Switch, "1");
        Default(Count, Math.Max(1, Environment.ProcessorCount / CoresForEach).ToString(CultureInfo.InvariantCulture));
    }

    private static void Default(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is null) Environment.SetEnvironmentVariable(name, value);
    }

    internal static bool AreOurs(Settings settings) => !settings.Postgres.IsOn && !settings.RabbitMq.IsOn;
}
