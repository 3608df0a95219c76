using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

public abstract class ApiKeyStoreSpec : StoreSpec
{
    private static readonly byte[] Token = [.. Enumerable.Repeat((byte)9, 32)];

    [Fact]
    public async Task A_key_may_what_it_was_made_for_and_its_user_still_may()
    {
        var user = await AddAsync(Role.CacheManager);
        var key = (await AddKeyAsync(user, Scopes.View | Scopes.Jobs | Scopes.Admin, days: 1))!;
        var access = (await Store.ApiKeys.FindAsync(Token, Cancellation))!;
        Assert.Equal((user, Scopes.View | Scopes.Jobs, (ApiKeyId?)key.Id), (access.User, access.Scopes, access.Key));

        await Store.Users.ChangeAsync(user, new(Role: Role.Viewer, MayDownload: true), Cancellation);
        Assert.Equal(Scopes.View, (await Store.ApiKeys.FindAsync(Token, Cancellation))!.Scopes);
    }

    [Fact]
    public async Task A_key_is_over_with_its_time_and_when_it_is_revoked()
    {
        var user = await AddAsync(Role.Viewer);
        var key = (await AddKeyAsync(user, Scopes.View, days: 1))!;
        Store.Time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMilliseconds(1));
        Assert.NotNull(await Store.ApiKeys.FindAsync(Token, Cancellation));
        Store.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await Store.ApiKeys.FindAsync(Token, Cancellation));
        Assert.Equal(key.Id, Assert.Single(await Store.ApiKeys.ListAsync(user, Cancellation)).Id);

        Assert.False(await Store.ApiKeys.RevokeAsync(new(99), key.Id, Cancellation));
        Assert.True(await Store.ApiKeys.RevokeAsync(user, key.Id, Cancellation));
        Assert.Empty(await Store.ApiKeys.ListAsync(user, Cancellation));
    }

    [Fact]
    public async Task Its_use_is_noted_at_most_once_a_minute()
    {
        var user = await AddAsync(Role.Viewer);
        await AddKeyAsync(user, Scopes.View, days: 1);
        Assert.Null(Assert.Single(await Store.ApiKeys.ListAsync(user, Cancellation)).UsedAt);
        await Store.ApiKeys.FindAsync(Token, Cancellation);
        Assert.Equal(Store.Time.GetUtcNow(), Assert.Single(await Store.ApiKeys.ListAsync(user, Cancellation)).UsedAt);
        var before = await Store.RowsWrittenAsync();
        Store.Time.Advance(TimeSpan.FromSeconds(59));
        await Store.ApiKeys.FindAsync(Token, Cancellation);
        Assert.Equal(before, await Store.RowsWrittenAsync());
    }

    [Fact]
    public async Task A_user_has_a_hundred_and_nobody_none()
    {
        var user = await AddAsync(Role.Viewer);
        for (byte i = 0; i < IApiKeyStore.MaxOfUser; i++) Assert.NotNull(await AddKeyAsync(user, Scopes.View, 1, i));
        Assert.Null(await AddKeyAsync(user, Scopes.View, 1, 200));
        Assert.Null(await AddKeyAsync(new(99), Scopes.View, 1, 200));
    }

    private Task<ApiKey?> AddKeyAsync(UserId user, Scopes scopes, int days, byte? number = null) => Store.ApiKeys.AddAsync(
        new(user, "key", number is { } n ? [.. Enumerable.Repeat(n, 31), 1] : Token, scopes, Store.Time.GetUtcNow().AddDays(days)), Cancellation);

    private async Task<UserId> AddAsync(Role role) => (await Store.Users.AddAsync(new("ana", "hash", role, false, []), Cancellation))!.Id;
}
