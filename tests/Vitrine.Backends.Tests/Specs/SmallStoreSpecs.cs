using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

public abstract class LockStoreSpec : StoreSpec
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_name_has_one_holder_until_its_time_is_over_and_tokens_grow()
    {
        var first = (await Store.Locks.AcquireAsync("x", "a", Minute, Cancellation))!;
        Assert.Null(await Store.Locks.AcquireAsync("x", "b", Minute, Cancellation));
        Assert.Equal(first, await Store.Locks.AcquireAsync("x", "a", Minute, Cancellation));
        Store.Time.Advance(Minute);
        var second = (await Store.Locks.AcquireAsync("x", "b", Minute, Cancellation))!;
        Assert.True(second.Token > first.Token);
        await Store.Locks.ReleaseAsync(first, Cancellation); // An old token frees nothing.
        Assert.Null(await Store.Locks.AcquireAsync("x", "a", Minute, Cancellation));
        await Store.Locks.ReleaseAsync(second, Cancellation);
        Assert.True((await Store.Locks.AcquireAsync("x", "a", Minute, Cancellation))!.Token > second.Token);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_make_a_lock_last_longer()
    {
        var first = (await Store.Locks.AcquireAsync("x", "dead", Minute, Cancellation))!;
        Store.Time.AdjustTime(Store.Time.GetUtcNow() - TimeSpan.FromHours(1));
        Assert.True((await Store.Locks.AcquireAsync("x", "b", Minute, Cancellation))!.Token > first.Token);
        Assert.Null(await Store.Locks.AcquireAsync("x", "c", Minute, Cancellation));
    }

    [Fact]
    public async Task Renewing_moves_all_of_an_owner_and_names_what_is_held()
    {
        foreach (var name in new[] { "x", "y" }) await Store.Locks.AcquireAsync(name, "a", Minute, Cancellation);
        await Store.Locks.AcquireAsync("z", "b", Minute, Cancellation);
        Store.Time.Advance(Minute / 2);
        Assert.Equal(["x", "y"], (await Store.Locks.RenewAsync("a", Minute, Cancellation)).Order());
        Store.Time.Advance(Minute / 2);
        Assert.Null(await Store.Locks.AcquireAsync("x", "c", Minute, Cancellation));
        Assert.NotNull(await Store.Locks.AcquireAsync("z", "c", Minute, Cancellation));
        Store.Time.Advance(Minute);
        Assert.Empty(await Store.Locks.RenewAsync("a", Minute, Cancellation));
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_one_gets_it()
    {
        var grants = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Store.Locks.AcquireAsync("x", $"owner {i}", Minute, Cancellation)));
        Assert.Single(grants, g => g is not null);
    }
}

public abstract class UserStoreSpec : StoreSpec
{
    private static readonly byte[] Token = [.. Enumerable.Repeat((byte)7, 32)];

    [Fact]
    public async Task Names_are_one_without_case()
    {
        var user = await AddAsync("Ana", Role.Viewer);
        Assert.NotNull(user);
        Assert.Null(await AddAsync("ANA", Role.Admin));
        Assert.Equal(user, (await Store.Users.FindAsync("aNa", Cancellation))!.User);
        Assert.Null(await Store.Users.FindAsync("an", Cancellation));
        await AddAsync("Äb", Role.Admin);
        Assert.Equal(["Ana", "Äb"], (await Store.Users.ListAsync(Cancellation)).Select(u => u.Name));
    }

    [Fact]
    public async Task Attempts_are_kept_and_cleared()
    {
        var user = (await AddAsync("ana", Role.Viewer))!;
        var now = Store.Time.GetUtcNow();
        await Store.Users.RecordAttemptAsync(user.Id, 5, now, now.AddMinutes(15), Cancellation);
        var found = (await Store.Users.FindAsync("ana", Cancellation))!;
        Assert.Equal((5, now, now.AddMinutes(15), "hash"), (found.FailedAttempts, found.FirstFailedAt, found.User.LockedUntil, found.PasswordHash));
        await Store.Users.RecordAttemptAsync(user.Id, 0, null, null, Cancellation);
        Assert.Equal((0, null), ((await Store.Users.FindAsync("ana", Cancellation))!.FailedAttempts, (await Store.Users.FindAsync("ana", Cancellation))!.FirstFailedAt));
    }

    [Fact]
    public async Task A_session_lives_as_long_as_it_is_used()
    {
        var library = await Story.AddLibraryAsync();
        var user = (await Store.Users.AddAsync("ana", "hash", Role.Viewer, [library.Id], Cancellation))!;
        await Store.Users.AddSessionAsync(user.Id, Token, TimeSpan.FromDays(30), Cancellation);
        for (var month = 0; month < 3; month++)
        {
            Store.Time.Advance(TimeSpan.FromDays(29));
            var access = (await Store.Users.FindSessionAsync(Token, Cancellation))!;
            Assert.Equal((user.Id, "ana", Role.Viewer), (access.User, access.Name, access.Role));
            Assert.True(access.Grants.Allows(library.Id) && !access.Grants.Allows(new(999)));
        }
        Store.Time.Advance(TimeSpan.FromDays(30));
        Assert.Null(await Store.Users.FindSessionAsync(Token, Cancellation));
    }

    [Fact]
    public async Task Using_a_session_is_written_at_most_once_a_minute()
    {
        var user = (await AddAsync("ana", Role.Admin))!;
        await Store.Users.AddSessionAsync(user.Id, Token, TimeSpan.FromDays(30), Cancellation);
        var before = await Store.RowsWrittenAsync();
        for (var second = 0; second < 59; second++)
        {
            Store.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.True((await Store.Users.FindSessionAsync(Token, Cancellation))!.Grants.IsAll);
        }
        Assert.Equal(before, await Store.RowsWrittenAsync());
    }

    [Fact]
    public async Task A_session_that_was_ended_is_gone()
    {
        var user = (await AddAsync("ana", Role.Admin))!;
        await Store.Users.AddSessionAsync(user.Id, Token, TimeSpan.FromDays(30), Cancellation);
        Assert.True(await Store.Users.RemoveSessionAsync(Token, Cancellation));
        Assert.False(await Store.Users.RemoveSessionAsync(Token, Cancellation));
        Assert.Null(await Store.Users.FindSessionAsync(Token, Cancellation));
    }

    private Task<User?> AddAsync(string name, Role role) => Store.Users.AddAsync(name, "hash", role, [], Cancellation);
}

public abstract class SettingStoreSpec : StoreSpec
{
    [Fact]
    public async Task What_was_set_is_read_and_null_removes_it()
    {
        Assert.Null(await Store.Settings.GetAsync("a", Cancellation));
        await Store.Settings.SetAsync("a", "1", Cancellation);
        await Store.Settings.SetAsync("a", "{\"b\":2}", Cancellation);
        Assert.Equal("{\"b\":2}", await Store.Settings.GetAsync("a", Cancellation));
        await Store.Settings.SetAsync("a", null, Cancellation);
        Assert.Null(await Store.Settings.GetAsync("a", Cancellation));
    }

    [Fact]
    public async Task Of_many_who_add_the_first_value_stays()
    {
        var values = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Store.Settings.GetOrAddAsync("a", $"{i}", Cancellation)));
        Assert.Single(values.Distinct());
        Assert.Equal(values[0], await Store.Settings.GetAsync("a", Cancellation));
    }
}
