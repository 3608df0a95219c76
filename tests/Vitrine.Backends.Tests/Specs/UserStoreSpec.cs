using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

public abstract class UserStoreSpec : StoreSpec
{
    private static readonly byte[] Token = [.. Enumerable.Repeat((byte)7, 32)];
    private static readonly byte[] KeyToken = [.. Enumerable.Repeat((byte)8, 32)];

    [Fact]
    public async Task Names_are_one_without_case()
    {
        var user = (await AddAsync("Ana", Role.Viewer))!;
        Assert.Null(await AddAsync("ANA", Role.Admin));
        Assert.Equal(user.Id, (await Store.Users.FindAsync("aNa", Cancellation))!.User.Id);
        Assert.Null(await Store.Users.FindAsync("an", Cancellation));
        await AddAsync("Äb", Role.Admin);
        Assert.Equal(["Ana", "Äb"], (await Store.Users.ListAsync(null, 50, Cancellation)).Items.Select(u => u.Name));
    }

    [Fact]
    public async Task A_list_comes_in_pages_with_what_is_granted()
    {
        var library = await Story.AddLibraryAsync();
        foreach (var name in new[] { "a", "b", "c" }) await Store.Users.AddAsync(New(name, Role.Viewer, library.Id), Cancellation);
        var first = await Store.Users.ListAsync(null, 2, Cancellation);
        var second = await Store.Users.ListAsync(first.Next, 2, Cancellation);
        Assert.Equal(["a", "b", "c"], first.Items.Concat(second.Items).Select(user => user.Name));
        Assert.All(first.Items, user => Assert.Equal([library.Id], user.Libraries));
        await Assert.ThrowsAsync<FormatException>(() => Store.Users.ListAsync("x", 2, Cancellation));
    }

    [Fact]
    public async Task What_a_change_does_not_name_stays()
    {
        var (one, two) = (await Story.AddLibraryAsync(), await Story.AddLibraryAsync("two"));
        var user = (await Store.Users.AddAsync(New("ana", Role.Viewer, one.Id), Cancellation))!;
        Assert.Equal(UserAnswer.Done, await Store.Users.ChangeAsync(user.Id, new(MayDownload: true, Grant: [two.Id, one.Id]), Cancellation));
        var changed = (await Store.Users.GetAsync(user.Id, Cancellation))!;
        Assert.Equal((Role.Viewer, true, false), (changed.Role, changed.MayDownload, changed.Disabled));
        Assert.Equal([one.Id, two.Id], changed.Libraries);
        Assert.Equal(UserAnswer.Done, await Store.Users.ChangeAsync(user.Id, new(Role: Role.CacheManager, Revoke: [one.Id]), Cancellation));
        Assert.Equal([two.Id], (await Store.Users.GetAsync(user.Id, Cancellation))!.Libraries);
        Assert.Equal(UserAnswer.Done, await Store.Users.ChangeAsync(user.Id, new(Libraries: []), Cancellation));
        Assert.Empty((await Store.Users.GetAsync(user.Id, Cancellation))!.Libraries);
    }

    [Fact]
    public async Task A_change_that_cannot_be_done_whole_is_not_done_at_all()
    {
        var user = (await AddAsync("ana", Role.Viewer))!;
        Assert.Equal(UserAnswer.UnknownLibrary, await Store.Users.ChangeAsync(user.Id, new(Role: Role.Admin, Grant: [new(99)]), Cancellation));
        Assert.Equal(Role.Viewer, (await Store.Users.GetAsync(user.Id, Cancellation))!.Role);
        Assert.Equal(UserAnswer.Unknown, await Store.Users.ChangeAsync(new(99), new(Role: Role.Admin), Cancellation));
        Assert.Null(await Store.Users.AddAsync(New("bob", Role.Viewer, new LibraryId(99)), Cancellation));
    }

    [Fact]
    public async Task The_last_admin_stays_one()
    {
        Assert.False(await Store.Users.HasAdminAsync(Cancellation));
        var (ana, bob) = ((await AddAsync("ana", Role.Admin))!, (await AddAsync("bob", Role.Admin))!);
        Assert.Equal(UserAnswer.Done, await Store.Users.ChangeAsync(bob.Id, new(Disabled: true), Cancellation));
        Assert.Equal(UserAnswer.LastAdmin, await Store.Users.ChangeAsync(ana.Id, new(Role: Role.Viewer), Cancellation));
        Assert.Equal(UserAnswer.LastAdmin, await Store.Users.ChangeAsync(ana.Id, new(Disabled: true), Cancellation));
        Assert.Equal(UserAnswer.LastAdmin, await Store.Users.RemoveAsync(ana.Id, Cancellation));
        Assert.True(await Store.Users.HasAdminAsync(Cancellation));
        Assert.Equal(UserAnswer.Done, await Store.Users.ChangeAsync(bob.Id, new(Disabled: false), Cancellation));
        Assert.Equal(UserAnswer.Done, await Store.Users.RemoveAsync(ana.Id, Cancellation));
        Assert.Equal(UserAnswer.Unknown, await Store.Users.RemoveAsync(ana.Id, Cancellation));
    }

    [Theory]
    [InlineData("disabled", false, false)]
    [InlineData("removed", false, false)]
    [InlineData("password", false, true)]
    [InlineData("role", true, true)]
    public async Task What_ends_sessions_and_keys(string change, bool session, bool key)
    {
        await AddAsync("root", Role.Admin);
        var user = (await AddAsync("ana", Role.Viewer))!;
        await Store.Sessions.AddAsync(user.Id, Token, TimeSpan.FromDays(30), "", Cancellation);
        await Store.ApiKeys.AddAsync(new(user.Id, "k", KeyToken, Scopes.View, Store.Time.GetUtcNow().AddDays(1)), Cancellation);
        Assert.Equal(UserAnswer.Done, change switch
        {
            "disabled" => await Store.Users.ChangeAsync(user.Id, new(Disabled: true), Cancellation),
            "removed" => await Store.Users.RemoveAsync(user.Id, Cancellation),
            "password" => await Store.Users.ChangeAsync(user.Id, new(PasswordHash: "other"), Cancellation),
            _ => await Store.Users.ChangeAsync(user.Id, new(Role: Role.CacheManager), Cancellation),
        });
        Assert.Equal(session, await Store.Sessions.FindAsync(Token, Cancellation) is not null);
        Assert.Equal(key, await Store.ApiKeys.FindAsync(KeyToken, Cancellation) is not null);
    }

    private static NewUser New(string name, Role role, params LibraryId[] libraries) => new(name, "hash", role, MayDownload: false, libraries);

    private Task<User?> AddAsync(string name, Role role) => Store.Users.AddAsync(New(name, role), Cancellation);
}
