using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

public abstract class WithdrawalSpec : StoreSpec
{
    private static readonly byte[] Token = [.. Enumerable.Repeat((byte)7, 32)];

    [Fact]
    public async Task Whatever_takes_something_back_is_told_and_what_changes_nothing_is_not()
    {
        var root = await AddAsync("root", Role.Admin);
        var ana = await AddAsync("ana", Role.Viewer);
        var version = 0L;
        await ToldAsync();

        var session = await Store.Sessions.AddAsync(ana, Token, TimeSpan.FromDays(1), "", Cancellation);
        await ToldAsync();
        Assert.Equal(1, await Store.Sessions.RevokeAsync(ana, session, null, Cancellation));
        await ToldAsync(ana);
        Assert.Equal(0, await Store.Sessions.RevokeAsync(ana, session, null, Cancellation));
        Assert.False(await Store.Sessions.RemoveAsync(Token, Cancellation));
        await ToldAsync();

        await Store.Sessions.AddAsync(ana, Token, TimeSpan.FromDays(1), "", Cancellation);
        Assert.True(await Store.Sessions.RemoveAsync(Token, Cancellation));
        await ToldAsync(ana);

        var key = (await Store.ApiKeys.AddAsync(new(root, "key", Token, Scopes.View, Store.Time.GetUtcNow().AddDays(1)), Cancellation))!;
        Assert.False(await Store.ApiKeys.RevokeAsync(ana, key.Id, Cancellation));
        await ToldAsync();
        Assert.True(await Store.ApiKeys.RevokeAsync(root, key.Id, Cancellation));
        await ToldAsync(root);

        Assert.Equal(UserAnswer.LastAdmin, await Store.Users.ChangeAsync(root, new(Role: Role.Viewer), Cancellation));
        await ToldAsync();
        await Store.Users.ChangeAsync(ana, new(MayDownload: false), Cancellation);
        await Store.Users.ChangeAsync(ana, new(Disabled: true), Cancellation);
        await ToldAsync(ana);
        Assert.Equal(UserAnswer.Done, await Store.Users.RemoveAsync(ana, Cancellation));
        await ToldAsync(ana);

        async Task ToldAsync(params UserId[] expected)
        {
            var told = await Store.Withdrawals.SinceAsync(version, Cancellation);
            Assert.False(told.OfEverybody);
            Assert.True(told.Users.Count > 0 ? told.Version > version : told.Version == version);
            version = told.Version;
            Assert.Equal(expected, told.Users);
        }
    }

    [Fact]
    public async Task A_role_that_the_provider_takes_away_is_told_and_one_that_stays_is_not()
    {
        var login = new ExternalLogin("issuer", "1", "ana", "hash");
        var ana = (await Store.ExternalLogins.FindOrAddAsync(login, Role.CacheManager, Cancellation))!;
        await Store.ExternalLogins.FindOrAddAsync(login, Role.CacheManager, Cancellation);
        var before = await Store.Withdrawals.SinceAsync(0, Cancellation);
        Assert.Empty(before.Users);
        await Store.ExternalLogins.FindOrAddAsync(login, Role.Viewer, Cancellation);
        Assert.Equal([ana.Id], (await Store.Withdrawals.SinceAsync(before.Version, Cancellation)).Users);
    }

    [Fact]
    public async Task A_library_that_goes_is_told_for_everybody()
    {
        var library = await Story.AddLibraryAsync();
        Assert.False((await Store.Withdrawals.SinceAsync(0, Cancellation)).OfEverybody);
        await Store.Libraries.RemoveAsync(library.Id, Cancellation);
        var told = await Store.Withdrawals.SinceAsync(0, Cancellation);
        Assert.True(told.OfEverybody && told.Users.Count == 0);
        Assert.False((await Store.Withdrawals.SinceAsync(told.Version, Cancellation)).OfEverybody);
    }

    [Fact]
    public async Task They_are_kept_for_a_while_and_the_next_clears_what_is_older()
    {
        var (ana, ben) = (await AddAsync("ana", Role.Viewer), await AddAsync("ben", Role.Viewer));
        await Store.Users.RemoveAsync(ana, Cancellation);
        Store.Time.Advance(IWithdrawalStore.KeptFor);
        Assert.Equal([ana], (await Store.Withdrawals.SinceAsync(0, Cancellation)).Users);
        Store.Time.Advance(TimeSpan.FromMilliseconds(1));
        await Store.Users.RemoveAsync(ben, Cancellation);
        Assert.Equal([ben], (await Store.Withdrawals.SinceAsync(0, Cancellation)).Users);
    }

    private async Task<UserId> AddAsync(string name, Role role) =>
        (await Store.Users.AddAsync(new(name, "hash", role, MayDownload: true, []), Cancellation))!.Id;
}
