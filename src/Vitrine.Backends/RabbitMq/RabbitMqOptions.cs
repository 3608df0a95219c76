using System.ComponentModel.DataAnnotations;

namespace Vitrine.Backends.RabbitMq;

/// <summary>
/// The queue of several nodes: RabbitMQ, 3.10 or later. How many batches a class holds is Engine:QueueLength, how many are published together
/// Engine:MessageBatchSize. All nodes have to name the same queues, lengths and limits.
/// </summary>
public sealed record RabbitMqOptions : IValidatableObject
{
    /// <summary>Address of the broker: amqp://HOST:PORT/VHOST, or amqps:// for TLS. Empty: the queue is in the process's memory, for one node alone.</summary>
    [StringLength(1000)]
    public string Uri { get; init; } = "";

    /// <summary>The broker's name for this installation; empty: the one in the address, or guest.</summary>
    [StringLength(255)]
    public string User { get; init; } = "";

    /// <summary>Better given as VITRINE__RabbitMq__PasswordSecret than in the file. Empty: the one in the address, or guest.</summary>
    [StringLength(1000)]
    public string PasswordSecret { get; init; } = "";

    /// <summary>PEM file of the authorities that the broker's certificate may come from, instead of the system's.</summary>
    [StringLength(4096)]
    public string CertificateAuthorityPath { get; init; } = "";

    /// <summary>What the names of the queues begin with: NAME.viewing, NAME.covers, NAME.normal, NAME.low and NAME.dead.</summary>
    [StringLength(100)]
    public string QueueName { get; init; } = "vitrine";

    /// <summary>Messages of one class that the broker sends ahead to a node whose workers wait.</summary>
    [Range(1, 1000)]
    public int Prefetch { get; init; } = 4;

    /// <summary>After so long without a worker that waits, a node hands back what was sent ahead, and is sent nothing more; milliseconds.</summary>
    [Range(10, 60_000)]
    public int HoldMilliseconds { get; init; } = 500;

    /// <summary>So often a message may be lost with the node that had it; then it is a dead letter.</summary>
    [Range(1, 10_000)]
    public int DeliveryLimit { get; init; } = 20;

    /// <summary>Age at which a message becomes a dead letter; 0: never, since what waits long is no error.</summary>
    [Range(0, 4_000_000)]
    public int MessageTtlSeconds { get; init; }

    /// <summary>Dead letters that are kept; the oldest leave first.</summary>
    [Range(1, 10_000_000)]
    public int DeadLetterLength { get; init; } = 10_000;

    /// <summary>How long a connection may take to be made.</summary>
    [Range(1, 300)]
    public int ConnectSeconds { get; init; } = 10;

    /// <summary>How long the broker may take to confirm a group of messages, or to answer; then the connection is made anew.</summary>
    [Range(1, 300)]
    public int AnswerSeconds { get; init; } = 5;

    /// <summary>Silence of the broker after which the connection counts as lost is twice this.</summary>
    [Range(1, 3600)]
    public int HeartbeatSeconds { get; init; } = 10;

    /// <summary>Longest pause between two attempts to connect; the first is a quarter of a second, and each further one twice as long.</summary>
    [Range(1, 3600)]
    public int ReconnectSeconds { get; init; } = 10;

    public bool IsOn => Uri.Length > 0;

    /// <summary>Without what may be in the address: it goes into logs.</summary>
    public override string ToString() => IsOn ? $"RabbitMQ at {Address}" : "no RabbitMQ";

    /// <summary>Host and port, without user and password.</summary>
    internal string Address => Parsed is { } uri ? $"{uri.Host}:{(uri.Port > 0 ? uri.Port : DefaultPort(uri))}" : "an address that cannot be read";

    internal Uri? Parsed => System.Uri.TryCreate(Uri, UriKind.Absolute, out var uri) ? uri : null;

    internal bool IsTls => Parsed?.Scheme == "amqps";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsOn) yield break;
        if (Parsed is not { Scheme: "amqp" or "amqps", Host.Length: > 0, Query.Length: 0, Fragment.Length: 0 } uri || uri.AbsolutePath.LastIndexOf('/') > 0)
            yield return new("Write amqp://HOST:PORT/VHOST, or amqps:// for TLS; a '/' within the name of a virtual host is %2F.", [nameof(Uri)]);
        if (CertificateAuthorityPath.Length > 0 && !File.Exists(CertificateAuthorityPath))
            yield return new("There is no such file.", [nameof(CertificateAuthorityPath)]);
        if (CertificateAuthorityPath.Length > 0 && !IsTls) yield return new("It is for addresses that begin with amqps.", [nameof(CertificateAuthorityPath)]);
        if (QueueName.Length == 0 || !QueueName.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
            yield return new("It is made of letters, digits, '.', '-' and '_'.", [nameof(QueueName)]);
    }

    private static int DefaultPort(Uri uri) => uri.Scheme == "amqps" ? 5671 : 5672;
}
