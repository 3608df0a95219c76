using Vitrine.Core.Libraries;
using Vitrine.Core.Shares;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

public abstract class ShareStoreSpec : StoreSpec
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    [Fact]
    public async Task A_link_shows_its_collection_until_it_expires()
    {
        var (library, collection) = await CollectionAsync();
        var user = await AddUserAsync("ana", library);
        var share = (await AddAsync(user, collection, 1))!;
        Assert.Equal((collection, "sub", user.Id, "ana", "for you"), (share.Collection, share.CollectionName, share.User, share.UserName, share.Label));
        Assert.Equal((Now, Now + Month), (share.CreatedAt, share.ExpiresAt));
        Assert.Equal(new SharedCollection(share.Id, library, collection, share.ExpiresAt), await FindAsync(1));
        Assert.Null(await FindAsync(2));
        Store.Time.Advance(Month - TimeSpan.FromMilliseconds(1));
        Assert.NotNull(await FindAsync(1));
        Store.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await FindAsync(1));
        Assert.Empty((await ListAsync(null)).Items);
    }

    [Fact]
    public async Task A_link_is_revoked_by_its_maker_or_by_who_may_revoke_all()
    {
        var (library, collection) = await CollectionAsync();
        var (ana, ben) = (await AddUserAsync("ana", library), await AddUserAsync("ben", library));
        var (first, second) = ((await AddAsync(ana, collection, 1))!, (await AddAsync(ana, collection, 2))!);
        Assert.False(await Store.Shares.RemoveAsync(first.Id, ben.Id, Cancellation));
        Assert.NotNull(await FindAsync(1));
        Assert.True(await Store.Shares.RemoveAsync(first.Id, ana.Id, Cancellation));
        Assert.False(await Store.Shares.RemoveAsync(first.Id, ana.Id, Cancellation));
        Assert.Null(await FindAsync(1));
        Assert.True(await Store.Shares.RemoveAsync(second.Id, null, Cancellation));
        Assert.Null(await FindAsync(2));
    }

    [Fact]
    public async Task A_link_works_while_its_maker_may_see_the_library()
    {
        var (library, collection) = await CollectionAsync();
        await AddAsync(await AddUserAsync("ana"), collection, 1);
        Assert.Null(await FindAsync(1));
        await AddAsync((await Store.Users.AddAsync(new("ada", "hash", Role.Admin, false, []), Cancellation))!, collection, 2);
        Assert.NotNull(await FindAsync(2));
        var ben = await AddUserAsync("ben", library);
        await AddAsync(ben, collection, 3);
        foreach (var (change, works) in new (UserChange, bool)[] { (new(Disabled: true), false), (new(Disabled: false), true), (new(Revoke: [library]), false), (new(Grant: [library]), true) })
        {
            Assert.Equal(UserAnswer.Done, await Store.Users.ChangeAsync(ben.Id, change, Cancellation));
            Assert.Equal(works, await FindAsync(3) is not null);
        }
        await Store.Libraries.RemoveAsync(library, Cancellation);
        Assert.Null(await FindAsync(2));
        Assert.Null(await FindAsync(3));
    }

    [Fact]
    public async Task Links_are_listed_newest_first_in_pages_and_within_grants()
    {
        var (library, collection) = await CollectionAsync();
        var (ana, ben) = (await AddUserAsync("ana", library), await AddUserAsync("ben", library));
        for (byte number = 1; number <= 5; number++) await AddAsync(number == 3 ? ben : ana, collection, number);
        var page = await ListAsync(ana.Id, limit: 3);
        var rest = await ListAsync(ana.Id, page.Next, 3);
        Assert.Equal([5, 4, 2, 1], page.Items.Concat(rest.Items).Select(share => share.Id.Value));
        Assert.Null(rest.Next);
        Assert.Equal(5, (await ListAsync(null)).Items.Count);
        Assert.Empty((await Store.Shares.ListAsync(Grants.Of([]), ana.Id, null, 50, Cancellation)).Items);
        Assert.Single((await Store.Shares.ListAsync(Grants.Of([library]), ben.Id, null, 50, Cancellation)).Items);
        await Assert.ThrowsAsync<FormatException>(() => ListAsync(null, "x"));
    }

    [Fact]
    public async Task A_link_needs_a_user_and_a_collection_and_their_number_is_bounded()
    {
        var (library, collection) = await CollectionAsync();
        var user = await AddUserAsync("ana", library);
        Assert.Null(await AddAsync(user, new(999), 1));
        Assert.Null(await Store.Shares.AddAsync(new(collection, default, "", Now + Month, [1]), Cancellation));
        for (var number = 0; number < NewShare.MaxOfUser; number++)
            Assert.NotNull(await Store.Shares.AddAsync(new(collection, user.Id, "", Now + Month, BitConverter.GetBytes(number)), Cancellation));
        Assert.Null(await AddAsync(user, collection, 1));
        Store.Time.Advance(Month);
        Assert.NotNull(await AddAsync(user, collection, 1));
    }

    private DateTimeOffset Now => Store.Time.GetUtcNow();

    private async Task<(LibraryId Library, CollectionId Collection)> CollectionAsync()
    {
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(2)));
        var found = await Store.Catalog.CollectionsAsync(Grants.All, new(), Cancellation);
        return (library.Id, found.Items.Single(collection => collection.Name == "sub").Id);
    }

    private async Task<User> AddUserAsync(string name, params LibraryId[] libraries) => (await Store.Users.AddAsync(new(name, "hash", Role.Viewer, false, libraries), Cancellation))!;

    private Task<Share?> AddAsync(User user, CollectionId collection, byte hash) =>
        Store.Shares.AddAsync(new(collection, user.Id, "for you", Now + Month, [hash]), Cancellation);

    private Task<SharedCollection?> FindAsync(byte hash) => Store.Shares.FindAsync([hash], Cancellation);

    private Task<Core.Page<Share>> ListAsync(UserId? maker, string? after = null, int limit = 50) => Store.Shares.ListAsync(Grants.All, maker, after, limit, Cancellation);
}
