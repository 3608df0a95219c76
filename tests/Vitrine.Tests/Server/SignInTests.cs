using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Vitrine.Backends;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Tests.Server;

public sealed class SignInTests : IAsyncLifetime
{
    private const string Right = "correct horse battery";
    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-test-").FullName;
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private Stores _store = null!;
    private readonly Passwords _passwords = new(rounds: 1);
    private SignIn _signIn = null!;
    private Accounts _accounts = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await Stores.OpenSqliteAsync(_folder, _time, TestContext.Current.CancellationToken);
        _signIn = new(_store.Users, _store.Sessions, _passwords, new(_store.Audit, _time, NullLogger<SecurityEvents>.Instance), new ServerOptions());
        _accounts = new(_store.Users, new(new(), _time), _passwords);
        await _accounts.AddAsync("ada", Right, Role.Admin, true, [], TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_out_for_a_quarter_of_an_hour()
    {
        for (var attempt = 0; attempt < 5; attempt++) Assert.Null(await TryAsync("wrong password"));
        Assert.Null(await TryAsync(Right));
        _time.Advance(TimeSpan.FromMinutes(14.9));
        Assert.Null(await TryAsync(Right));
        _time.Advance(TimeSpan.FromMinutes(0.2));
        Assert.NotNull(await TryAsync(Right));
    }

    [Fact]
    public async Task Wrong_passwords_far_apart_or_before_a_right_one_do_not_count()
    {
        for (var attempt = 0; attempt < 4; attempt++) Assert.Null(await TryAsync("wrong password"));
        _time.Advance(TimeSpan.FromMinutes(15));
        for (var attempt = 0; attempt < 4; attempt++) Assert.Null(await TryAsync("wrong password"));
        Assert.NotNull(await TryAsync(Right));
        for (var attempt = 0; attempt < 4; attempt++) Assert.Null(await TryAsync("wrong password"));
        Assert.NotNull(await TryAsync(Right));
    }

    [Fact]
    public async Task A_name_is_known_in_any_case_and_an_unknown_one_is_a_wrong_password()
    {
        Assert.NotNull(await _signIn.CheckAsync(new DefaultHttpContext(), "ADA", Right));
        Assert.Null(await _signIn.CheckAsync(new DefaultHttpContext(), "eve", Right));
        Assert.Null(await _accounts.AddAsync("Ada", Right, Role.Viewer, false, [], TestContext.Current.CancellationToken));
    }

    /// <summary>Version, function, rounds and the length of the salt stand in front.</summary>
    [Fact]
    public void A_check_for_nobody_is_the_work_of_any_other()
    {
        var nobody = Convert.FromBase64String(Passwords.HashOfNobody(Passwords.Rounds));
        var somebody = Convert.FromBase64String(new Passwords().Hash(Right));
        Assert.Equal(somebody.Length, nobody.Length);
        Assert.Equal(somebody[..13], nobody[..13]);
        Assert.False(_passwords.Check(null, Right));
    }

    [Theory]
    [InlineData("", "long enough")]
    [InlineData(" ada", "long enough")]
    [InlineData("a\nb", "long enough")]
    [InlineData("ada", "too short")]
    public void A_bad_name_or_password_is_refused(string name, string password) => Assert.NotNull(SignIn.Refusal(name, password));

    [Fact]
    public async Task A_session_is_remembered_for_a_while_and_forgotten_at_its_end()
    {
        var sessions = new Sessions(_store.Sessions, new(new(), _time), new ServerOptions());
        var user = (await TryAsync(Right))!;
        var token = await sessions.StartAsync(user, "test", TestContext.Current.CancellationToken);
        Assert.Equal("ada", (await sessions.FindAsync(token, TestContext.Current.CancellationToken))?.Name);
        Assert.Null(await sessions.FindAsync(token + "x", TestContext.Current.CancellationToken));
        await sessions.EndAsync(token, TestContext.Current.CancellationToken);
        Assert.Null(await sessions.FindAsync(token, TestContext.Current.CancellationToken));

        var idle = await sessions.StartAsync(user, "test", TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromDays(31));
        Assert.Null(await sessions.FindAsync(idle, TestContext.Current.CancellationToken));
    }

    private Task<User?> TryAsync(string password) => _signIn.CheckAsync(new DefaultHttpContext(), "ada", password);
}
