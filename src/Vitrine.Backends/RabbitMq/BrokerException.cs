using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Vitrine.Backends.RabbitMq;

/// <summary>What is wrong with the broker, or with what the settings say of it.</summary>
public enum BrokerProblem
{
    /// <summary>Nobody listens, or not RabbitMQ. May pass by itself.</summary>
    NoBroker,

    /// <summary>It is there and does not answer in time, or ended the connection. May pass by itself.</summary>
    NoAnswer,
    WrongCredentials,
    NoSuchVirtualHost,

    /// <summary>The user may not use the virtual host, or not declare, write and read its queues.</summary>
    NotPermitted,

    /// <summary>A queue or exchange of that name is there and is another one.</summary>
    OtherArguments,

    /// <summary>The certificate is not from an authority that is trusted, or for another host.</summary>
    Untrusted,
    TooOld,
}

/// <summary>The broker cannot be used.</summary>
/// <param name="problem">Why.</param>
/// <param name="message">What, why and what to do, in one line, without secrets.</param>
public sealed partial class BrokerException(BrokerProblem problem, string message, Exception? inner = null) : IOException(message, inner)
{
    public BrokerProblem Problem { get; } = problem;

    /// <summary>Whether waiting may help: then a node starts and works without it meanwhile.</summary>
    public bool MayPass => Problem is BrokerProblem.NoBroker or BrokerProblem.NoAnswer;

    /// <summary>Whether the client throws this when the broker or the way to it fails.</summary>
    internal static bool IsOfBroker(Exception failure) => failure
        is RabbitMQClientException or IOException or TimeoutException or SocketException or ObjectDisposedException or ChannelClosedException or OperationCanceledException;

    /// <summary>Names what the client threw.</summary>
    internal static BrokerException Of(Exception failure, RabbitMqOptions options)
    {
        var all = Chain(failure).ToList();
        if (all.OfType<BrokerException>().FirstOrDefault() is { } named) return named;
        if (all.Any(e => e is PossibleAuthenticationFailureException or AuthenticationFailureException))
            return new(BrokerProblem.WrongCredentials, $"RabbitMQ at {options.Address} refuses the user or the password: check RabbitMq:User and RabbitMq:PasswordSecret.", failure);
        if (all.OfType<OperationInterruptedException>().FirstOrDefault()?.ShutdownReason is { ReplyCode: > 200 } reason) return Of(reason, options, failure);
        if (all.OfType<AuthenticationException>().FirstOrDefault() is { } untrusted)
            return new(BrokerProblem.Untrusted, $"The certificate of RabbitMQ at {options.Address} is not trusted ({Line(untrusted.Message)}): check the host's name and RabbitMq:CertificateAuthorityPath.", failure);
        if (all.FirstOrDefault(e => e is SocketException or ConnectFailureException) is { } refused)
            return new(BrokerProblem.NoBroker, $"There is no broker at {options.Address} ({Line(refused.Message)}): start it, or check RabbitMq:Uri.", failure);
        return failure is BrokerUnreachableException
            ? new(BrokerProblem.NoBroker, $"What listens at {options.Address} does not speak as RabbitMQ does ({Line(all[^1].Message)}): check RabbitMq:Uri.", failure)
            : new(BrokerProblem.NoAnswer, $"RabbitMQ at {options.Address} does not answer ({Line(all[^1].Message)}).", failure);
    }

    /// <summary>Names why the broker closed a connection or a channel.</summary>
    internal static BrokerException Of(ShutdownEventArgs reason, RabbitMqOptions options, Exception? inner = null)
    {
        var text = Line(reason.ReplyText);
        if (reason.ReplyCode == 530 && text.Contains("not found", StringComparison.Ordinal))
            return new(BrokerProblem.NoSuchVirtualHost, $"RabbitMQ at {options.Address} has no such virtual host ({text}): make it with rabbitmqctl add_vhost, or check RabbitMq:Uri.", inner);
        if (reason.ReplyCode is 530 or 403)
            return new(BrokerProblem.NotPermitted, $"RabbitMQ at {options.Address} does not permit it ({text}): rabbitmqctl set_permissions -p VHOST USER '.*' '.*' '.*'.", inner);
        if (reason.ReplyCode == 406 && Inequivalent().Match(text) is { Success: true } other)
            return new(BrokerProblem.OtherArguments, Different(other), inner);
        return new(BrokerProblem.NoAnswer, $"RabbitMQ at {options.Address} ended the connection ({reason.ReplyCode.ToString(CultureInfo.InvariantCulture)} {text}).", inner);
    }

    private static string Different(Match other) =>
        $"The {other.Groups["kind"].Value} '{other.Groups["name"].Value}' of RabbitMQ has {other.Groups["argument"].Value} {Value(other, "current")}, and the settings ask for {Value(other, "wanted")}: "
        + "change the settings of this node back, or stop all nodes and delete it (rabbitmqctl delete_queue; what it holds is in the database as well).";

    private static string Value(Match match, string group) => match.Groups[group].Value is { Length: > 0 } value ? value : "none";

    private static IEnumerable<Exception> Chain(Exception? failure)
    {
        if (failure is null) return [];
        var inner = failure is AggregateException many ? many.InnerExceptions : [failure.InnerException!];
        return inner.Where(e => e is not null).SelectMany(Chain).Prepend(failure);
    }

    private static string Line(string text) => text.ReplaceLineEndings(" ").Trim();

    [GeneratedRegex(
        """inequivalent arg '(?<argument>[^']*)' for (?<kind>queue|exchange) '(?<name>[^']*)' in vhost '[^']*': received (?:none|(?:the value )?'(?<wanted>[^']*)').* but current is (?:none|(?:the value )?'(?<current>[^']*)')""")]
    private static partial Regex Inequivalent();
}
