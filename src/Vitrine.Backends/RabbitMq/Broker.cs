using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using RabbitMQ.Client;

namespace Vitrine.Backends.RabbitMq;

/// <summary>A broker as the settings describe it: how it is reached, and the queues that have to be there.</summary>
internal sealed class Broker(RabbitMqOptions options, int length, TimeProvider time)
{
    /// <summary>The first with dead letters that survive their broker.</summary>
    private static readonly Version Oldest = new(3, 10);

    /// <summary>A message of ours has some tens of bytes.</summary>
    private const uint MaxMessageBytes = 1 << 20;

    public RabbitMqOptions Options => options;

    public QueueShapes Queues { get; } = new(options, length);

    public TimeProvider Time => time;

    public TimeSpan Answer => TimeSpan.FromSeconds(options.AnswerSeconds);

    /// <summary>Connects; nothing mends the connection when it breaks.</summary>
    /// <exception cref="BrokerException">It cannot be reached, or refuses us.</exception>
    public async Task<IConnection> ConnectAsync(CancellationToken cancellation)
    {
        try
        {
            var connection = await OpenAsync(cancellation);
            if (VersionOf(connection) is { } version && version < Oldest)
            {
                await connection.AbortAsync(cancellation);
                throw new BrokerException(BrokerProblem.TooOld, $"RabbitMQ at {options.Address} is version {version}: {Oldest} or later is needed.");
            }
            return connection;
        }
        catch (Exception failed) when (BrokerException.IsOfBroker(failed) && !cancellation.IsCancellationRequested)
        {
            throw BrokerException.Of(failed, options);
        }
    }

    /// <summary>Makes what is missing. What is there is compared by the broker, which names the first difference.</summary>
    public async Task DeclareAsync(IConnection connection, CancellationToken cancellation)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
        await channel.ExchangeDeclareAsync(Queues.DeadExchange, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellation);
        foreach (var queue in Queues.All) await DeclareAsync(channel, queue, cancellation);
        await channel.QueueBindAsync(Queues.Dead.Name, Queues.DeadExchange, routingKey: "", cancellationToken: cancellation);
    }

    public static Task DeclareAsync(IChannel channel, QueueShape queue, CancellationToken cancellation) => channel.QueueDeclareAsync(
        queue.Name, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?>(queue.Arguments), cancellationToken: cancellation);

    /// <summary>Null where it names none that can be read.</summary>
    public static Version? VersionOf(IConnection connection) =>
        connection.ServerProperties is { } properties && properties.TryGetValue("version", out var said) && said is byte[] text
        && Version.TryParse(Encoding.ASCII.GetString(text).Split('-')[0], out var version) ? version : null;

    /// <summary>The client's own limits are of parts of it, and it takes its time to give up.</summary>
    private async Task<IConnection> OpenAsync(CancellationToken cancellation)
    {
        var connecting = Factory().CreateConnectionAsync($"vitrine {Environment.MachineName}/{Environment.ProcessId}", cancellation);
        try
        {
            return await connecting.WaitAsync(TimeSpan.FromSeconds(options.ConnectSeconds), time, cancellation);
        }
        catch (TimeoutException)
        {
            _ = EndLateAsync(connecting);
            throw new BrokerException(BrokerProblem.NoAnswer, $"What listens at {options.Address} does not answer as RabbitMQ does within {options.ConnectSeconds} s: check it, RabbitMq:Uri and RabbitMq:ConnectSeconds.");
        }
    }

    private static async Task EndLateAsync(Task<IConnection> connecting)
    {
        try
        {
            await (await connecting).DisposeAsync();
        }
        catch (Exception late) when (BrokerException.IsOfBroker(late))
        {
            // It was given up already, and that was said.
        }
    }

    private ConnectionFactory Factory()
    {
        var uri = options.Parsed!;
        var given = uri.UserInfo.Split(':', 2);
        var factory = new ConnectionFactory
        {
            HostName = uri.Host,
            Port = uri.Port > 0 ? uri.Port : AmqpTcpEndpoint.UseDefaultPort,
            VirtualHost = uri.AbsolutePath.Length > 1 ? Uri.UnescapeDataString(uri.AbsolutePath[1..]) : "/",
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedConnectionTimeout = TimeSpan.FromSeconds(options.ConnectSeconds),
            HandshakeContinuationTimeout = TimeSpan.FromSeconds(options.ConnectSeconds),
            ContinuationTimeout = Answer,
            RequestedHeartbeat = TimeSpan.FromSeconds(options.HeartbeatSeconds),
            MaxInboundMessageBodySize = MaxMessageBytes,
            Ssl = Tls(uri),
        };
        if ((options.User.Length > 0 ? options.User : Uri.UnescapeDataString(given[0])) is { Length: > 0 } user) factory.UserName = user;
        if ((options.PasswordSecret.Length > 0 ? options.PasswordSecret : Uri.UnescapeDataString(given.ElementAtOrDefault(1) ?? "")) is { Length: > 0 } password) factory.Password = password;
        return factory;
    }

    /// <summary>Set here and not by the client from the address: from that it would take a certificate of any name.</summary>
    private SslOption Tls(Uri uri)
    {
        var tls = new SslOption(uri.Host, enabled: options.IsTls) { AcceptablePolicyErrors = SslPolicyErrors.None };
        if (options.CertificateAuthorityPath.Length == 0) return tls;
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(options.CertificateAuthorityPath);
        tls.CertificateValidationCallback = (_, certificate, _, errors) => IsFrom(authorities, certificate as X509Certificate2, errors);
        return tls;
    }

    /// <summary>Whatever the system thinks of its chain; its name has to be right all the same.</summary>
    private static bool IsFrom(X509Certificate2Collection authorities, X509Certificate2? certificate, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
