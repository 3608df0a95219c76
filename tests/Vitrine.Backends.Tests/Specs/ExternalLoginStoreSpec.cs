using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

public abstract class ExternalLoginStoreSpec : StoreSpec
{
    private const string Issuer = "https://id.example.org/";

    [Fact]
    public async Task A_person_is_the_same_user_each_time_whatever_their_name_is_by_then()
    {
        var first = (await EnterAsync("1", "ana"))!;
        Assert.Equal(("ana", Role.Viewer), (first.Name, first.Role));
        Assert.Equal(first.Id, (await EnterAsync("1", "ana"))!.Id);
        Assert.Equal((first.Id, "ana"), ((await EnterAsync("1", "admin"))!.Id, (await EnterAsync("1", "admin"))!.Name));
        Assert.Single((await Store.Users.ListAsync(null, 200, Cancellation)).Items);
    }

    [Fact]
    public async Task No_name_leads_to_a_user_who_is_there()
    {
        var local = (await Store.Users.AddAsync(new("Ana", "hash", Role.Admin, false, []), Cancellation))!;
        var person = (await EnterAsync("1", "ana"))!;
        var other = (await EnterAsync("2", "ANA"))!;
        var elsewhere = (await EnterAsync("1", "ana", issuer: "https://other.example.org/"))!;
        Assert.Equal(["ana-2", "ANA-3", "ana-4"], new[] { person, other, elsewhere }.Select(user => user.Name));
        Assert.Equal(4, new[] { local, person, other, elsewhere }.Select(user => user.Id).Distinct().Count());
        Assert.Equal("hash", (await Store.Users.FindAsync("ana", Cancellation))!.PasswordHash);
    }

    [Fact]
    public async Task The_role_is_what_the_provider_says_now()
    {
        var user = (await EnterAsync("1", "ana", Role.Admin))!;
        Assert.Equal(Role.Admin, user.Role);
        Assert.Null(await EnterAsync("1", "ana"));
        Assert.NotNull(await Store.Users.AddAsync(new("ada", "hash", Role.Admin, false, []), Cancellation));
        Assert.Equal(Role.Viewer, (await EnterAsync("1", "ana"))!.Role);
        Assert.Equal(Role.Viewer, (await Store.Users.FindAsync("ana", Cancellation))!.User.Role);
    }

    [Fact]
    public async Task Sessions_of_a_higher_role_end_with_it_and_those_of_a_lower_one_go_on()
    {
        await Store.Users.AddAsync(new("ada", "hash", Role.Admin, false, []), Cancellation);
        foreach (var (role, sessions) in new[] { (Role.Viewer, 1), (Role.Admin, 2), (Role.Admin, 3), (Role.CacheManager, 1), (Role.Viewer, 1) })
        {
            var user = (await EnterAsync("1", "ana", role))!;
            await Store.Sessions.AddAsync(user.Id, Guid.NewGuid().ToByteArray(), TimeSpan.FromDays(1), "", Cancellation);
            Assert.Equal((role, sessions), (role, (await Store.Sessions.ListAsync(user.Id, Cancellation)).Count));
        }
    }

    [Fact]
    public async Task Who_has_no_role_any_more_keeps_no_session_and_no_key_and_may_come_back()
    {
        Assert.Null(await Store.ExternalLogins.WithdrawAsync(Issuer, "1", Cancellation));
        var (user, other) = ((await EnterAsync("1", "ana"))!, (await EnterAsync("2", "bob"))!);
        foreach (var one in new[] { user, other })
        {
            await Store.Sessions.AddAsync(one.Id, Guid.NewGuid().ToByteArray(), TimeSpan.FromDays(1), "", Cancellation);
            await Store.ApiKeys.AddAsync(new(one.Id, "key", Guid.NewGuid().ToByteArray(), Scopes.View, Store.Time.GetUtcNow().AddDays(1)), Cancellation);
        }

        Assert.Null(await Store.ExternalLogins.WithdrawAsync("https://other.example.org/", "1", Cancellation));
        Assert.Equal(user.Id, await Store.ExternalLogins.WithdrawAsync(Issuer, "1", Cancellation));

        Assert.Equal((0, 0), ((await Store.Sessions.ListAsync(user.Id, Cancellation)).Count, (await Store.ApiKeys.ListAsync(user.Id, Cancellation)).Count));
        Assert.Equal((1, 1), ((await Store.Sessions.ListAsync(other.Id, Cancellation)).Count, (await Store.ApiKeys.ListAsync(other.Id, Cancellation)).Count));
        Assert.Equal(user.Id, (await EnterAsync("1", "ana"))!.Id);
    }

    [Fact]
    public async Task Who_is_disabled_here_is_not_let_in_whatever_the_provider_says()
    {
        var user = (await EnterAsync("1", "ana"))!;
        await Store.Users.ChangeAsync(user.Id, new(Disabled: true), Cancellation);
        Assert.Null(await EnterAsync("1", "ana", Role.Admin));
        Assert.Equal((Role.Viewer, true), ((await Store.Users.GetAsync(user.Id, Cancellation))!.Role, (await Store.Users.GetAsync(user.Id, Cancellation))!.Disabled));
    }

    [Fact]
    public async Task Where_no_name_is_free_nobody_is_added()
    {
        for (var number = 1; number <= ExternalLogin.MaxNames; number++) Assert.NotNull(await EnterAsync($"{number}", "ana"));
        Assert.Null(await EnterAsync("0", "ana"));
        Assert.Equal(ExternalLogin.MaxNames, (await Store.Users.ListAsync(null, 200, Cancellation)).Items.Count);
    }

    [Fact]
    public async Task Of_many_who_come_at_once_one_adds_the_user()
    {
        var users = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => EnterAsync("1", "ana")));
        Assert.Single(users.Select(user => user!.Id).Distinct());
    }

    private Task<User?> EnterAsync(string subject, string name, Role role = Role.Viewer, string issuer = Issuer) =>
        Store.ExternalLogins.FindOrAddAsync(new(issuer, subject, name, "unusable"), role, Cancellation);
}
