using Vitrine.Server.Hosting;

namespace Vitrine.Tests.Server;

public sealed class SocketThreadsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-threads-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Clients of PostgreSQL and RabbitMQ may wait wherever they go on.</summary>
    [Theory]
    [InlineData(null, null, true)]
    [InlineData("Postgres:ConnectionString", "Host=127.0.0.1;Database=v", false)]
    [InlineData("RabbitMq:Uri", "amqp://127.0.0.1", false)]
    public void Sockets_are_answered_where_they_are_waited_for_only_without_other_clients(string? name, string? value, bool expected)
    {
        var given = name is null ? new Dictionary<string, string?>() : new() { [name] = value };
        Assert.Equal(expected, SocketThreads.AreOurs(Settings.Load(_folder, given)));
    }
}
