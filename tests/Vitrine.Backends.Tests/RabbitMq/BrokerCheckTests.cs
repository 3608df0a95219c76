using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using Vitrine.Backends.RabbitMq;
using Vitrine.Tests.Shared;

namespace Vitrine.Backends.Tests.RabbitMq;

/// <summary>What is wrong with a broker or its settings is named, with what to do.</summary>
public sealed class BrokerCheckTests(PrivateBroker broker)
{
    private const int Length = 100;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broker_that_can_be_used_says_what_it_is_and_may_be_asked_twice()
    {
        var options = await broker.OptionsAsync();
        var facts = await RunAsync(options);
        Assert.Equal(options.Address, facts.Address);
        Assert.True(Version.Parse(facts.Version) >= new Version(3, 10));
        Assert.Equal(0, (await RunAsync(options)).DeadLetters);
    }

    [Fact]
    public async Task A_wrong_password_is_named_and_not_shown()
    {
        var refused = await RefusedAsync((await broker.OptionsAsync()) with { PasswordSecret = "guessed-wrong" });
        Assert.Equal(BrokerProblem.WrongCredentials, refused.Problem);
        Assert.DoesNotContain("guessed-wrong", refused.ToString(), StringComparison.Ordinal);
        Assert.Contains("RabbitMq:PasswordSecret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_virtual_host_that_is_not_there_is_named()
    {
        var options = await broker.OptionsAsync();
        var refused = await RefusedAsync(options with { Uri = options.Uri + "no-such-host" });
        Assert.Equal(BrokerProblem.NoSuchVirtualHost, refused.Problem);
        Assert.Contains("no-such-host", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_who_may_do_nothing_is_told_so()
    {
        var refused = await RefusedAsync((await broker.OptionsAsync()) with { User = BrokerUsers.Visitor, PasswordSecret = BrokerUsers.Password });
        Assert.Equal(BrokerProblem.NotPermitted, refused.Problem);
        Assert.Contains("set_permissions", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_with_another_length_is_named_with_both()
    {
        var options = await broker.OptionsAsync();
        await RunAsync(options);
        var refused = await Assert.ThrowsAsync<BrokerException>(() => BrokerCheck.RunAsync(options, Length + 1, TimeProvider.System, Cancellation));
        Assert.Equal(BrokerProblem.OtherArguments, refused.Problem);
        Assert.StartsWith($"The queue '{options.QueueName}.viewing' of RabbitMQ has x-max-length {Length}, and the settings ask for {Length + 1}:", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_without_an_argument_that_is_asked_for_is_named()
    {
        var options = await broker.OptionsAsync();
        await RunAsync(options);
        var refused = await RefusedAsync(options with { MessageTtlSeconds = 60 });
        Assert.Contains("has x-message-ttl none, and the settings ask for 60000:", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_listens_there_is_no_broker_and_that_may_pass()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var refused = await RefusedAsync(new() { Uri = $"amqp://user:secret@127.0.0.1:{port}/" });
        Assert.Equal(BrokerProblem.NoBroker, refused.Problem);
        Assert.True(refused.MayPass);
        Assert.StartsWith($"There is no broker at 127.0.0.1:{port} ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_listens_and_says_nothing_is_given_up_in_time()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var check = RefusedAsync(new() { Uri = $"amqp://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/", ConnectSeconds = 1 });
        Assert.True((await check.WaitAsync(TimeSpan.FromSeconds(10), Cancellation)).MayPass);
    }

    [Fact]
    public async Task Over_tls_the_authority_of_the_settings_is_believed_and_no_other()
    {
        var started = await broker.StartedAsync();
        var options = (await broker.OptionsAsync()) with
        {
            Uri = $"amqps://127.0.0.1:{started.TlsPort}", User = BrokerUsers.Owner, PasswordSecret = BrokerUsers.Password, CertificateAuthorityPath = started.Certificates.AuthorityPath,
        };
        await RunAsync(options);
        Assert.Equal(BrokerProblem.Untrusted, (await RefusedAsync(options with { CertificateAuthorityPath = started.Certificates.OtherAuthorityPath })).Problem);
        Assert.Equal(BrokerProblem.Untrusted, (await RefusedAsync(options with { CertificateAuthorityPath = "" })).Problem);
        // The certificate is for 127.0.0.1.
        Assert.Equal(BrokerProblem.Untrusted, (await RefusedAsync(options with { Uri = $"amqps://localhost:{started.TlsPort}" })).Problem);
    }

    [Theory]
    [InlineData("http://host/", "", false)]
    [InlineData("host:5672", "", false)]
    [InlineData("amqp://host/a/b", "", false)]
    [InlineData("amqp://host/?heartbeat=1", "", false)]
    [InlineData("amqp://host", "/no/such/file.pem", false)]
    [InlineData("", "", true)]
    [InlineData("amqp://host", "", true)]
    [InlineData("amqps://user:p%40ss@host:5671/a%2Fb", "", true)]
    public void Settings_that_cannot_be_used_are_refused(string uri, string authority, bool fine)
    {
        var options = new RabbitMqOptions { Uri = uri, CertificateAuthorityPath = authority };
        Assert.Equal(fine, Validator.TryValidateObject(options, new(options), [], validateAllProperties: true));
        Assert.DoesNotContain("p%40ss", options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with blank")]
    [InlineData("with/slash")]
    public void A_name_of_queues_is_plain(string name)
    {
        var options = new RabbitMqOptions { Uri = "amqp://host", QueueName = name };
        Assert.False(Validator.TryValidateObject(options, new(options), [], validateAllProperties: true));
    }

    private static Task<BrokerFacts> RunAsync(RabbitMqOptions options) => BrokerCheck.RunAsync(options, Length, TimeProvider.System, Cancellation);

    private static Task<BrokerException> RefusedAsync(RabbitMqOptions options) => Assert.ThrowsAsync<BrokerException>(() => RunAsync(options));
}
