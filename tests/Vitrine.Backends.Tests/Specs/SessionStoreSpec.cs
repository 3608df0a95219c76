using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

public abstract class SessionStoreSpec : StoreSpec
{
    private static readonly byte[] Token = [.. Enumerable.Repeat((byte)7, 32)];
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);
    private static readonly LockOut Rule = new(5, TimeSpan.FromMinutes(15));

    [Fact]
    public async Task Attempts_are_counted_one_after_the_other_and_a_right_one_clears_them()
    {
        var user = await AddAsync("ana", Role.Viewer);
        for (var attempt = 0; attempt < 4; attempt++) Assert.False(await TryAsync(user, right: false));
        Assert.Equal(4, (await Store.Users.FindAsync("ana", Cancellation))!.FailedAttempts);
        Assert.True(await TryAsync(user, right: true));
        Assert.Equal((0, null), ((await Store.Users.FindAsync("ana", Cancellation))!.FailedAttempts, (await Store.Users.FindAsync("ana", Cancellation))!.FirstFailedAt));
    }

    [Fact]
    public async Task Of_many_attempts_at_once_none_is_lost_and_a_right_one_behind_them_is_refused()
    {
        var user = await AddAsync("ana", Role.Viewer);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => TryAsync(user, right: false)));
        Assert.False(await TryAsync(user, right: true));
        Store.Time.Advance(Rule.Window);
        Assert.True(await TryAsync(user, right: true));
    }

    [Fact]
    public async Task The_attempt_that_locks_says_so_and_is_written_down_once()
    {
        var user = await AddAsync("ana", Role.Viewer);
        var ends = new List<AttemptEnd>();
        for (var attempt = 0; attempt < 12; attempt++) ends.Add(await AttemptAsync(user, right: attempt > 8));
        Assert.Equal(AttemptEnd.LockedOut, ends[4]);
        Assert.All(ends.Where((_, i) => i != 4), end => Assert.Equal(AttemptEnd.Refused, end));
        Assert.Equal(("10.1.2.3", "ana"), await OnlyAsync());
        Store.Time.Advance(Rule.Window);
        Assert.Equal(AttemptEnd.LetIn, await AttemptAsync(user, right: true));
        for (var attempt = 0; attempt < 5; attempt++) await AttemptAsync(default, right: false);
        Assert.Equal(("10.1.2.3", "ana"), await OnlyAsync());

        async Task<(string, string?)> OnlyAsync()
        {
            var row = Assert.Single((await Store.Audit.ListAsync(new(What: "lockOut"), Cancellation)).Items);
            return (row.Name, row.Target);
        }
    }

    [Fact]
    public async Task Who_is_disabled_or_nobody_is_not_let_in()
    {
        await AddAsync("root", Role.Admin);
        var user = await AddAsync("ana", Role.Viewer);
        await Store.Users.ChangeAsync(user, new(Disabled: true), Cancellation);
        Assert.False(await TryAsync(user, right: true));
        Assert.False(await TryAsync(default, right: true));
    }

    [Fact]
    public async Task A_session_lives_as_long_as_it_is_used()
    {
        var library = await Story.AddLibraryAsync();
        var user = (await Store.Users.AddAsync(new("ana", "hash", Role.Viewer, true, [library.Id]), Cancellation))!;
        await Store.Sessions.AddAsync(user.Id, Token, Month, "", Cancellation);
        for (var month = 0; month < 3; month++)
        {
            Store.Time.Advance(TimeSpan.FromDays(29));
            var access = (await Store.Sessions.FindAsync(Token, Cancellation))!;
            Assert.Equal((user.Id, "ana", Role.Viewer, Scopes.View | Scopes.Download, null), (access.User, access.Name, access.Role, access.Scopes, access.Key));
            Assert.True(access.Grants.Allows(library.Id) && !access.Grants.Allows(new(999)));
        }
        Store.Time.Advance(Month);
        Assert.Null(await Store.Sessions.FindAsync(Token, Cancellation));
        Assert.Empty(await Store.Sessions.ListAsync(user.Id, Cancellation));
    }

    [Fact]
    public async Task Using_a_session_is_written_at_most_once_a_minute()
    {
        var user = await AddAsync("ana", Role.Admin);
        await Store.Sessions.AddAsync(user, Token, Month, "", Cancellation);
        var before = await Store.RowsWrittenAsync();
        for (var second = 0; second < 59; second++)
        {
            Store.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.True((await Store.Sessions.FindAsync(Token, Cancellation))!.Grants.IsAll);
        }
        Assert.Equal(before, await Store.RowsWrittenAsync());
    }

    [Fact]
    public async Task A_session_that_was_ended_is_gone()
    {
        var user = await AddAsync("ana", Role.Admin);
        await Store.Sessions.AddAsync(user, Token, Month, "", Cancellation);
        Assert.True(await Store.Sessions.RemoveAsync(Token, Cancellation));
        Assert.False(await Store.Sessions.RemoveAsync(Token, Cancellation));
        Assert.Null(await Store.Sessions.FindAsync(Token, Cancellation));
    }

    [Fact]
    public async Task Sessions_are_listed_and_ended_by_their_ids_or_all_but_one()
    {
        var (ana, bob) = (await AddAsync("ana", Role.Viewer), await AddAsync("bob", Role.Viewer));
        var first = await Store.Sessions.AddAsync(ana, Hash(1), Month, "one", Cancellation);
        Store.Time.Advance(TimeSpan.FromHours(1));
        await Store.Sessions.AddAsync(ana, Hash(2), Month, "two", Cancellation);
        await Store.Sessions.AddAsync(ana, Hash(3), Month, "three", Cancellation);
        Assert.Equal(["three", "two", "one"], (await Store.Sessions.ListAsync(ana, Cancellation)).Select(session => session.Agent));

        Assert.Equal(0, await Store.Sessions.RevokeAsync(bob, first, null, Cancellation));
        Assert.Equal(1, await Store.Sessions.RevokeAsync(ana, first, null, Cancellation));
        Assert.Null(await Store.Sessions.FindAsync(Hash(1), Cancellation));
        Assert.Equal(1, await Store.Sessions.RevokeAsync(ana, null, Hash(2), Cancellation));
        Assert.NotNull(await Store.Sessions.FindAsync(Hash(2), Cancellation));
        Assert.Equal(1, await Store.Sessions.RevokeAsync(ana, null, null, Cancellation));
    }

    [Fact]
    public async Task One_more_than_the_limit_ends_the_one_used_longest_ago()
    {
        var user = await AddAsync("ana", Role.Viewer);
        for (byte i = 0; i <= ISessionStore.MaxOfUser; i++)
        {
            await Store.Sessions.AddAsync(user, Hash(i), Month, "", Cancellation);
            Store.Time.Advance(TimeSpan.FromMilliseconds(1));
        }
        Assert.Equal(ISessionStore.MaxOfUser, (await Store.Sessions.ListAsync(user, Cancellation)).Count);
        Assert.Null(await Store.Sessions.FindAsync(Hash(0), Cancellation));
        Assert.NotNull(await Store.Sessions.FindAsync(Hash(1), Cancellation));
    }

    private static byte[] Hash(byte number) => [.. Enumerable.Repeat(number, 32)];

    private async Task<bool> TryAsync(UserId user, bool right) => await AttemptAsync(user, right) == AttemptEnd.LetIn;

    private Task<AttemptEnd> AttemptAsync(UserId user, bool right) => Store.Sessions.RecordAttemptAsync(
        user, right, Rule, new(Store.Time.GetUtcNow(), null, "10.1.2.3", null, "lockOut", "ana", null), Cancellation);

    private async Task<UserId> AddAsync(string name, Role role) => (await Store.Users.AddAsync(new(name, "hash", role, false, []), Cancellation))!.Id;
}
