using System.Net;
using System.Web;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.Users;
using Vitrine.Server.Security.OpenId;

namespace Vitrine.Tests.Server;

/// <summary>Signing in by a real provider: the browser goes there, comes back with a code, and the server asks for the rest.</summary>
public sealed class OidcTests : IAsyncLifetime
{
    private OpenIdProvider _provider = null!;
    private TunedServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _provider = await OpenIdProvider.StartAsync();
        _server = await TunedServer.StartAsync(new { Oidc = Oidc(), Network = new { AllowedNetworks = "127.0.0.1" }, Server = new { SignInsPerMinute = 1000 } });
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Theory]
    [InlineData("viewers", "Viewer")]
    [InlineData("managers", "CacheManager")]
    [InlineData("admins", "Admin")]
    public async Task Who_the_provider_vouches_for_is_signed_in_with_the_role_of_their_groups(string group, string role)
    {
        _provider.Person = new("1", "ana", "others", group, "viewers");
        using var browser = new Browser(_server);
        Assert.Equal("/collections?search=a", await browser.SignInAsync("/collections?search=a"));
        Assert.Equal(("ana", role), await browser.SessionAsync());
        var token = Assert.Single(_provider.Asked, asked => asked.StartsWith("/connect/token", StringComparison.Ordinal));
        Assert.Contains("code_verifier=", token, StringComparison.Ordinal);
        Assert.Contains("code_challenge_method=S256", browser.AuthorizeQuery, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", browser.AuthorizeQuery, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_person_without_a_role_is_not_let_in()
    {
        using var browser = new Browser(_server);
        _provider.Person = new("1", "ana", "Viewers");
        Assert.Equal("/sign-in?end=refused", await browser.SignInAsync("/"));
        Assert.Null(await browser.SessionAsync());
        Assert.Equal(["ada"], await NamesAsync());
    }

    /// <summary>The page that was open before learns it at once, though it was looked up a moment ago.</summary>
    [Theory]
    [InlineData("viewers", "/")]
    [InlineData("others", "/sign-in?end=refused")]
    public async Task Who_signs_in_with_less_than_before_is_signed_out_elsewhere(string group, string end)
    {
        _provider.Person = new("1", "ana", "admins");
        using var before = new Browser(_server);
        await before.SignInAsync("/");
        Assert.Equal(("ana", "Admin"), await before.SessionAsync());

        _provider.Person = new("1", "ana", group);
        using var now = new Browser(_server);
        Assert.Equal(end, await now.SignInAsync("/"));
        Assert.Null(await before.SessionAsync());
        Assert.Equal(group == "viewers" ? ("ana", "Viewer") : ((string, string)?)null, await now.SessionAsync());
    }

    [Fact]
    public async Task A_name_is_no_account_a_subject_is()
    {
        _provider.Person = new("1", "ada", "viewers");
        using var browser = new Browser(_server);
        await browser.SignInAsync("/");
        Assert.Equal(("ada-2", "Viewer"), await browser.SessionAsync());
        _provider.Person = new("1", "eve", "admins");
        using var later = new Browser(_server);
        await later.SignInAsync("/");
        Assert.Equal(("ada-2", "Admin"), await later.SessionAsync());
        Assert.Equal(["ada", "ada-2"], await NamesAsync());
    }

    [Fact]
    public async Task An_answer_counts_once_and_only_for_the_browser_that_asked()
    {
        using var browser = new Browser(_server);
        var callback = await browser.VisitProviderAsync("/");
        using var other = new Browser(_server);
        Assert.Equal("/sign-in?end=failed", await other.FollowAsync(callback));
        Assert.Null(await other.SessionAsync());
        Assert.Equal("/sign-in?end=failed", await browser.FollowAsync(callback.Replace("state=", "state=x", StringComparison.Ordinal)));
        Assert.Equal("/", await browser.FollowAsync(callback));
        Assert.NotNull(await browser.SessionAsync());
        Assert.Equal("/sign-in?end=failed", await browser.FollowAsync(callback));
    }

    [Fact]
    public async Task A_code_of_somebody_else_is_not_taken()
    {
        using var victim = new Browser(_server);
        using var attacker = new Browser(_server);
        var own = HttpUtility.ParseQueryString(new Uri(await victim.VisitProviderAsync("/")).Query);
        _provider.Person = new("2", "eve", "viewers");
        var theirs = HttpUtility.ParseQueryString(new Uri(await attacker.VisitProviderAsync("/")).Query);
        own["code"] = theirs["code"];
        Assert.Equal("/sign-in?end=failed", await victim.FollowAsync($"{OidcServices.CallbackPath}?{own}"));
        Assert.Null(await victim.SessionAsync());
        Assert.Equal(["ada"], await NamesAsync());
    }

    [Fact]
    public async Task The_page_goes_on_to_no_other_server()
    {
        using var browser = new Browser(_server);
        string[] elsewhere = ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "/a\r\nSet-Cookie: b=c", "collections", "javascript:alert(1)", "/ä"];
        foreach (var returnTo in elsewhere)
        {
            using var answer = await browser.GetAsync($"/api/v1/oidc/start?returnTo={Uri.EscapeDataString(returnTo)}");
            await Answers.IsProblemAsync(answer, HttpStatusCode.BadRequest, "bad-request");
        }
    }

    [Fact]
    public async Task The_page_learns_of_the_button_and_the_callback_answers_nobody_else()
    {
        var client = _server.Client();
        Assert.Equal("{\"oidc\":\"With the house account\"}", await client.GetStringAsync("/api/v1/sign-in"));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"{OidcServices.CallbackPath}/")).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.PostAsync(OidcServices.CallbackPath, new FormUrlEncodedContent([new("code", "x"), new("state", "y")]))).StatusCode);
    }

    [Fact]
    public async Task Without_a_provider_there_is_none_and_one_that_may_not_be_called_is_not()
    {
        await using var without = await TunedServer.StartAsync(new { });
        Assert.Equal("{\"oidc\":null}", await without.Client().GetStringAsync("/api/v1/sign-in"));
        foreach (var path in new[] { "start", "callback?code=x&state=y" })
            await Answers.IsProblemAsync(await without.Client().GetAsync($"/api/v1/oidc/{path}"), HttpStatusCode.NotFound, "not-found");

        var before = _provider.Asked.Count;
        await using var refusing = await TunedServer.StartAsync(new { Oidc = Oidc(), Network = new { AllowedNetworks = "10.0.0.0/8" } });
        using var answer = await refusing.Client().GetAsync("/api/v1/oidc/start");
        Assert.Equal("/sign-in?end=unavailable", answer.Headers.Location?.ToString());
        Assert.Equal(before, _provider.Asked.Count);
    }

    private object Oidc() => new
    {
        Authority = _provider.Address,
        AllowHttp = true,
        OpenIdProvider.ClientId,
        OpenIdProvider.ClientSecret,
        Label = "With the house account",
        AdminValues = "admins",
        CacheManagerValues = "managers; keepers",
        ViewerValues = "viewers",
    };

    private async Task<IEnumerable<string>> NamesAsync() =>
        (await _server.Owner.Services.GetRequiredService<IUserStore>().ListAsync(null, 200, CancellationToken.None)).Items.Select(user => user.Name).Order();
}
