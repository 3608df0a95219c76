using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.Users;
using Vitrine.Server.Derivatives;
using Vitrine.Server.Security;

namespace Vitrine.Tests.Server;

/// <summary>What the look at the session costs a thumbnail from memory: the same server with and without it, in turns, by a client that does next to nothing.</summary>
[Collection(nameof(Alone))]
public sealed class SessionCostTests(ITestOutputHelper output)
{
    private const int Turns = 21;
    private const int Requests = 50_000;

    /// <summary>Not counted: in the first ones what is measured is how far the runtime has come with compiling.</summary>
    private const int WarmUp = 4;

    /// <summary>What is remembered, of session and row, lapses after seconds: a run in which that happens says nothing, and is made again.</summary>
    private const int MostLapses = 10;

    private const int AtOnce = 50;
    private const double Least = 0.95;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thumbnail_from_memory_costs_little_more_with_its_session()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("VITRINE_LONG") == "1", "A measurement: bench/sessions runs it.");
        await using var server = new SeededServer();
        await server.InitializeAsync();
        var path = $"/api/v1/images/{server.Image}/thumbnail?v={server.Hash}";
        var admin = new Access(new(1), "ada", Role.Admin, Grants.All, Scopes.View);
        await using var checks = await StartAsync(server.Services, server.Services.GetRequiredService<Callers>().Remembered);
        await using var open = await StartAsync(server.Services, _ => admin);
        var question = Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {server.Admin.DefaultRequestHeaders.GetValues("Cookie").Single()}\r\n\r\n");

        var ratios = new List<double>();
        for (var turn = -WarmUp; turn < Turns; turn++)
        {
            var (first, second) = turn % 2 == 0 ? (checks, open) : (open, checks);
            var (one, other) = (await WarmRateAsync(first), await WarmRateAsync(second));
            var (with, without) = first == checks ? (one, other) : (other, one);
            if (turn < 0) continue;
            ratios.Add(with / without);
            output.WriteLine($"turn {turn + 1}: {with:F0} a second with the session, {without:F0} without, {with / without:F3}");
        }
        ratios.Sort();
        output.WriteLine($"median {ratios[Turns / 2]:F3} ({ratios[0]:F3} to {ratios[^1]:F3})");
        Assert.True(ratios[Turns / 2] >= Least, $"The median is {ratios[Turns / 2]:F3}.");

        // The long way, on the server itself, asks anew what is remembered.
        async Task<double> WarmRateAsync(WebApplication app)
        {
            for (var lapses = 0; ; lapses++)
            {
                using (var warm = await server.Admin.GetAsync(path, Cancellation)) Assert.Equal(HttpStatusCode.OK, warm.StatusCode);
                try
                {
                    return await RateAsync(app, question);
                }
                catch (IOException) when (lapses < MostLapses)
                {
                    output.WriteLine("What is remembered lapsed.");
                }
            }
        }
    }

    private static async Task<WebApplication> StartAsync(IServiceProvider services, Func<HttpContext, Access?> remembered)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.UseHotPictures(services, remembered);
        app.Run(context =>
        {
            // Not the short way.
            context.Abort();
            return Task.CompletedTask;
        });
        await app.StartAsync(Cancellation);
        return app;
    }

    /// <summary>Answers a second: requests go out many at once, and all answers are as long as the first.</summary>
    private static async Task<double> RateAsync(WebApplication app, byte[] question)
    {
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, address.Port, Cancellation);
        var stream = client.GetStream();
        var length = await FirstAsync(stream, question);
        var (ask, answers) = (Enumerable.Repeat(question, AtOnce).SelectMany(bytes => bytes).ToArray(), new byte[length * AtOnce]);
        var started = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < Requests; sent += AtOnce)
        {
            await stream.WriteAsync(ask, Cancellation);
            await stream.ReadExactlyAsync(answers, Cancellation);
        }
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Assert.StartsWith("HTTP/1.1 200", Encoding.ASCII.GetString(answers, answers.Length - length, 12), StringComparison.Ordinal);
        return Requests / seconds;
    }

    private static async Task<int> FirstAsync(NetworkStream stream, byte[] question)
    {
        await stream.WriteAsync(question, Cancellation);
        var buffer = new byte[1 << 16];
        for (var length = 0; ;)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), Cancellation);
            if (read == 0) throw new EndOfStreamException();
            length += read;
            var text = Encoding.Latin1.GetString(buffer, 0, length);
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head < 0) continue;
            Assert.StartsWith("HTTP/1.1 200", text, StringComparison.Ordinal);
            if (length >= head + 4 + SeededServer.ThumbnailBytes.Length) return length;
        }
    }
}

/// <summary>What measures times runs with nothing beside it.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
