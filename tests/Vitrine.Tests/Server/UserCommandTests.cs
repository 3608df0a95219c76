using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.Users;

namespace Vitrine.Tests.Server;

/// <summary><c>vitrine user</c>: each of its commands against one server, and what the user may do from then on.</summary>
public sealed class UserCommandTests : IAsyncLifetime
{
    private const string Users = "user";
    private const string Fresh = "another correct horse";

    private readonly SeededServer _server = new();
    private ProgramRuns _program = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        _program = new(Path.Combine(_server.Folder, "data"));
    }

    public async ValueTask DisposeAsync()
    {
        _program.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Every_command_does_what_it_says_at_once()
    {
        var library = $"{_server.Library.Id}";
        // What is typed, what stands on standard input, and what is printed.
        (string Arguments, string Input, string Printed)[] table =
        [
            ("add eve --role Viewer", TestServer.Password, "eve can sign in now, as Viewer.\n"),
            ($"grant EVE {library}", "", $"eve: Viewer, libraries {library}\n"),
            ("download eve true", "", $"eve: Viewer, libraries {library}, originals\n"),
            ("role eve CacheManager", "", $"eve: CacheManager, libraries {library}, originals\n"),
            ($"revoke eve {library}", "", "eve: CacheManager, no library, originals\n"),
            ("disable eve", "", "eve: CacheManager, no library, originals, disabled\n"),
            ("enable eve", "", "eve: CacheManager, no library, originals\n"),
            ("sessions eve", "", "Not signed in.\n"),
            ("password eve", Fresh, "eve: CacheManager, no library, originals\n"),
            ("keys eve --revoke 1", "", ""),
            ("role nobody Viewer", "", ""),
            ("grant eve x", "", ""),
            ("add eve", Fresh, ""),
            ("add ann", "short", ""),
        ];
        foreach (var (arguments, input, printed) in table)
            Assert.Equal((arguments, printed.Length > 0 ? 0 : 2, printed), await RunAsync(arguments, input));

        var user = (await _server.Services.GetRequiredService<IUserStore>().FindAsync("eve", Cancellation))!.User;
        Assert.Equal((Role.CacheManager, true, false, 0), (user.Role, user.MayDownload, user.Disabled, user.Libraries.Count));
        await SecretsAsync();
        Assert.Equal(("remove eve", 0, "eve is removed.\n"), await RunAsync("remove eve"));
        Assert.Equal(["ada", "vera"], (await RunAsync("list")).Printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(':')[0]));
    }

    /// <summary>Sessions and keys, which are only there once somebody signed in.</summary>
    private async Task SecretsAsync()
    {
        using var signedIn = await _server.Anonymous.PostAsync("/api/v1/session", Answers.Body($$"""{"name": "eve", "password": "{{Fresh}}"}"""), Cancellation);
        Assert.Equal(HttpStatusCode.OK, signedIn.StatusCode);
        Assert.Equal(1, (await RunAsync("sessions eve")).Printed.Count(letter => letter == '\n'));
        Assert.Equal("1 ended.\n", (await RunAsync("sessions eve --end")).Printed);
        var session = _server.Client(signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/api/v1/session", Cancellation)).StatusCode);

        var token = (await RunAsync("keys eve --add script --scope view --scope jobs --days 1")).Printed.TrimEnd();
        var key = _server.BearerClient(token);
        Assert.Equal(HttpStatusCode.OK, (await key.GetAsync("/api/v1/session", Cancellation)).StatusCode);
        var id = (await RunAsync("keys eve")).Printed.Split(':')[0];
        await RunAsync($"keys eve --revoke {id}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await key.GetAsync("/api/v1/session", Cancellation)).StatusCode);
    }

    private async Task<(string Arguments, int Exit, string Printed)> RunAsync(string arguments, string input = "")
    {
        var (exit, output) = await _program.RunWithAsync(input, [Users, .. arguments.Split(' ')]);
        return (arguments, exit, output);
    }
}
