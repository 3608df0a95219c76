using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Vitrine.Tests.Server;

/// <summary>Grants that are taken away while their holder has addresses, an open stream and a running job.</summary>
public sealed class RevokedGrantTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Addresses_open_nothing_from_that_moment_on()
    {
        await using var server = new SeededServer();
        await server.InitializeAsync();
        await server.ChangeUserAsync("vera", new(Grant: [server.Library.Id]));
        string[] addresses =
        [
            $"/api/v1/images/{server.Image}/thumbnail?v={server.Hash}", $"/api/v1/images/{server.Image}/original", $"/api/v1/images/{server.Image}",
            $"/api/v1/libraries/{server.Library.Id}", $"/api/v1/images/{server.Image}/neighbours",
        ];

        // Twice: the second thumbnail comes the short way, of a session and a picture that are remembered.
        foreach (var address in addresses.Concat(addresses))
        {
            using var open = await server.Viewer.GetAsync(address, Cancellation);
            Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        }

        await server.ChangeUserAsync("vera", new(Revoke: [server.Library.Id]));
        foreach (var address in addresses)
            await Answers.IsProblemAsync(await server.Viewer.GetAsync(address, Cancellation), HttpStatusCode.NotFound, "not-found");
        using var known = new HttpRequestMessage(HttpMethod.Get, addresses[0]);
        known.Headers.IfNoneMatch.Add(new($"\"{server.Hash}\""));
        await Answers.IsProblemAsync(await server.Viewer.SendAsync(known, Cancellation), HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task An_open_stream_says_no_more_of_it()
    {
        await using var server = new JobServer();
        await server.InitializeAsync();
        await server.ChangeUserAsync("vic", new(Grant: [server.Other.Id]));
        var (gone, kept) = (await server.AddJobAsync(server.Mine), await server.AddJobAsync(server.Other));

        using var response = await server.Viewer.GetAsync($"{JobServer.Jobs}/stream", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        var events = SseParser.Create(await response.Content.ReadAsStreamAsync(Cancellation)).EnumerateAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        await using var _ = events;
        Assert.True(await events.MoveNextAsync());
        Assert.Superset(new HashSet<string> { $"{gone.Id}", $"{kept.Id}" }, Ids(events.Current).ToHashSet());

        await server.ChangeUserAsync("vic", new(Revoke: [server.Mine.Id]));
        foreach (var job in new[] { gone, kept }) await JobServer.PostAsync(server.Admin, $"{JobServer.Jobs}/{job.Id}/pause");
        while (true)
        {
            Assert.True(await events.MoveNextAsync());
            var ids = Ids(events.Current);
            Assert.DoesNotContain($"{gone.Id}", ids);
            if (ids.Contains($"{kept.Id}")) break;
        }
    }

    [Fact]
    public async Task A_running_job_goes_on_and_is_its_holders_no_more()
    {
        await using var server = new JobServer();
        await server.InitializeAsync();
        var job = await server.AddJobAsync(server.Mine);
        Assert.Equal($"{job.Id}", (await JobServer.GetAsync(server.Manager, $"{JobServer.Jobs}/{job.Id}")).GetProperty("id").GetString());

        await server.ChangeUserAsync("mia", new(Revoke: [server.Mine.Id]));
        await Answers.IsProblemAsync(await server.Manager.GetAsync($"{JobServer.Jobs}/{job.Id}", Cancellation), HttpStatusCode.NotFound, "not-found");
        foreach (var verb in new[] { "pause", "cancel" })
            await Answers.IsProblemAsync(await JobServer.SendAsync(server.Manager, HttpMethod.Post, $"{JobServer.Jobs}/{job.Id}/{verb}"), HttpStatusCode.NotFound, "not-found");
        Assert.Empty((await JobServer.GetAsync(server.Manager, JobServer.Jobs)).GetProperty("items").EnumerateArray());
        Assert.Equal(job.Version, (await server.JobAsync(job.Id)).Version);
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("removed")]
    [InlineData("password")]
    public async Task Who_is_shut_out_is_out_at_once(string how)
    {
        await using var server = new SignedInServer();
        await server.InitializeAsync();
        using (var before = await server.Viewer.GetAsync("/api/v1/session", Cancellation)) Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        var key = await server.KeyClientAsync("vera", Vitrine.Server.Users.ScopeShape.View);
        using (var before = await key.GetAsync("/api/v1/session", Cancellation)) Assert.Equal(HttpStatusCode.OK, before.StatusCode);

        if (how == "removed")
        {
            using var removed = await server.Admin.DeleteAsync($"{AccessSteps.Users}/{await server.UserIdAsync("vera")}", Cancellation);
            Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        }
        else
        {
            await server.ChangeUserAsync("vera", how == "disabled" ? new(Disabled: true) : new(Password: "another correct horse"));
        }
        await Answers.IsProblemAsync(await server.Viewer.GetAsync("/api/v1/session", Cancellation), HttpStatusCode.Unauthorized, "unauthenticated");
        using var after = await key.GetAsync("/api/v1/session", Cancellation);
        Assert.Equal(how == "password" ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, after.StatusCode);
    }

    private static IReadOnlyList<string> Ids(SseItem<string> item) =>
        [.. JsonDocument.Parse(item.Data).RootElement.EnumerateArray().Select(job => job.GetProperty("id").GetString()!)];
}
