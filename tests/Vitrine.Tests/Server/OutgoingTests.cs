using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Server.Hosting;
using Vitrine.Server.Outgoing;

namespace Vitrine.Tests.Server;

/// <summary>What the server calls, with real sockets: the address that was judged is the one that is connected to.</summary>
public sealed class OutgoingTests : IDisposable
{
    private static readonly string[] Private = ["10.0.0.0/8", "0.0.0.0/0", "::/0"];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _connections;
    private string _answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    public OutgoingTests()
    {
        _listener.Start();
        _ = AnswerAsync();
    }

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData("93.184.215.14", null)]
    [InlineData("2606:4700::1111", null)]
    [InlineData("64:ff9b::5db8:d70e", null)]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("127.9.9.9", "loopback")]
    [InlineData("::1", "loopback")]
    [InlineData("::ffff:127.0.0.1", "loopback")]
    [InlineData("64:ff9b::7f00:1", "loopback")]
    [InlineData("169.254.169.254", "link-local")]
    [InlineData("::ffff:169.254.169.254", "link-local")]
    [InlineData("fe80::1", "link-local")]
    [InlineData("fd00:ec2::254", "a metadata service")]
    [InlineData("100.100.100.200", "a metadata service")]
    [InlineData("168.63.129.16", "a metadata service")]
    [InlineData("0.0.0.0", "no address of a host")]
    [InlineData("10.1.2.3", "private")]
    [InlineData("172.31.0.1", "private")]
    [InlineData("192.168.1.1", "private")]
    [InlineData("100.64.0.1", "private")]
    [InlineData("fd12::1", "private")]
    [InlineData("203.0.113.9", "for documents")]
    [InlineData("224.0.0.1", "multicast")]
    [InlineData("ff02::1", "multicast")]
    [InlineData("255.255.255.255", "reserved")]
    [InlineData("2002:7f00:1::", "a tunnel")]
    [InlineData("::", "no address of the internet")]
    [InlineData("::7f00:1", "no address of the internet")]
    public void An_address_is_judged_in_every_spelling(string address, string? why) => Assert.Equal(why, OutgoingAddress.Refusal(IPAddress.Parse(address), []));

    [Theory]
    [InlineData("10.1.2.3", null)]
    [InlineData("192.168.1.1", null)]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("::1", "loopback")]
    [InlineData("169.254.169.254", "link-local")]
    [InlineData("fd00:ec2::254", "a metadata service")]
    [InlineData("168.63.129.16", "a metadata service")]
    public void However_wide_the_allowed_networks_are_some_are_never_called(string address, string? why) =>
        Assert.Equal(why, OutgoingAddress.Refusal(IPAddress.Parse(address), [.. Private.Select(network => IPNetwork.Parse(network))]));

    [Fact]
    public async Task A_name_of_loopback_is_not_connected_to()
    {
        var refused = await RefusedAsync(Client(Always(IPAddress.Loopback)), $"http://id.example.org:{Port}/");
        Assert.Contains("'id.example.org' is not called: 127.0.0.1 is loopback", refused.Message, StringComparison.Ordinal);
        await RefusedAsync(Client(Always(IPAddress.Loopback)), $"http://127.0.0.1:{Port}/");
        await RefusedAsync(Client(Always(IPAddress.Loopback)), $"http://[::ffff:127.0.0.1]:{Port}/");
        await RefusedAsync(Client(Always(IPAddress.Loopback)), $"http://2130706433:{Port}/");
        Assert.Equal(0, _connections);
    }

    [Fact]
    public async Task A_name_that_means_another_address_a_moment_later_is_judged_again_and_never_connected_to()
    {
        var asked = 0;
        // The address that passes is one where nobody listens; the one that answers does not pass.
        using var client = Client((_, _) => Task.FromResult<IPAddress[]>([asked++ == 0 ? IPAddress.Parse("127.0.0.2") : IPAddress.Loopback]), "127.0.0.2");
        var address = $"http://id.example.org:{Port}/";
        Assert.IsType<SocketException>((await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(address, Cancellation))).InnerException);
        await RefusedAsync(client, address);
        Assert.Equal((2, 0), (asked, _connections));
    }

    [Fact]
    public async Task Of_several_addresses_only_those_that_pass_are_connected_to()
    {
        using var client = Client(Always(IPAddress.Parse("169.254.169.254"), IPAddress.Loopback), "127.0.0.1");
        Assert.Equal("ok", await client.GetStringAsync($"http://id.example.org:{Port}/", Cancellation));
        Assert.Equal(1, _connections);
    }

    [Fact]
    public async Task A_redirect_is_an_answer_and_is_not_followed()
    {
        _answer = $"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{Port}/elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        using var client = Client(Always(IPAddress.Loopback), "127.0.0.0/8");
        Assert.Equal(HttpStatusCode.Found, (await client.GetAsync($"http://id.example.org:{Port}/", Cancellation)).StatusCode);
        Assert.Equal(1, _connections);
    }

    [Fact]
    public async Task An_answer_without_end_ends_at_the_limit()
    {
        _answer = $"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{new string('x', 5000)}";
        using var client = Client(Always(IPAddress.Loopback), "127.0.0.0/8");
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync($"http://id.example.org:{Port}/", Cancellation));
    }

    private static Resolve Always(params IPAddress[] addresses) => (_, _) => Task.FromResult(addresses);

    private static HttpClient Client(Resolve resolve, string allowed = "") =>
        new OutgoingHttp(new() { AllowedNetworks = allowed, OutgoingMaxBytes = 1024 }, resolve, NullLogger<OutgoingHttp>.Instance).CreateClient();

    private static async Task<Exception> RefusedAsync(HttpClient client, string address)
    {
        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(address, Cancellation));
        return Assert.IsType<OutgoingRefusedException>(failed.InnerException ?? failed);
    }

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                using var caller = await _listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref _connections);
                await using var stream = caller.GetStream();
                var buffer = new byte[4096];
                if (await stream.ReadAsync(buffer) > 0) await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(_answer));
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over, or its caller has gone: nobody waits for an answer.
        }
    }
}
