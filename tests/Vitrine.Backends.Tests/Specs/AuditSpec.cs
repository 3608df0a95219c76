using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>An act and its row are one: both are there, or neither.</summary>
public abstract class AuditSpec : StoreSpec
{
    [Fact]
    public async Task An_act_has_its_row_and_what_comes_behind_it_none()
    {
        var library = await Story.AddLibraryAsync();
        using (Begin("removeLibrary"))
        {
            Assert.True(await Store.Libraries.RemoveAsync(library.Id, Cancellation));
            await Store.Settings.SetAsync("behind", "1", Cancellation);
        }
        await Store.Settings.SetAsync("after", "1", Cancellation);
        var row = Assert.Single(await RowsAsync());
        Assert.Equal(("removeLibrary", "ada", new UserId(7), "1", "why"), (row.What, row.Name, row.User!.Value, row.Target, row.Detail));
    }

    [Fact]
    public async Task What_changes_nothing_leaves_no_row_and_the_next_write_takes_it()
    {
        using (Begin("one"))
        {
            Assert.False(await Store.Libraries.RemoveAsync(new(99), Cancellation));
            Assert.Null(await Store.Users.GetAsync(new(99), Cancellation));
            Assert.Empty(await RowsAsync());
            await Store.Settings.SetAsync("a", "1", Cancellation);
        }
        Assert.Single(await RowsAsync());
    }

    [Fact]
    public async Task What_has_to_be_so_before_an_act_may_begin_is_not_the_act()
    {
        using (Begin("two"))
        {
            var held = await Store.Locks.AcquireAsync("name", "owner", TimeSpan.FromMinutes(1), Cancellation);
            Assert.Empty(await RowsAsync());
            await Store.Locks.ReleaseAsync(held!, Cancellation);
        }
        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task An_act_that_is_over_writes_nothing_wherever_its_flow_goes_on()
    {
        var over = new TaskCompletionSource();
        Task late;
        using (Begin("three")) late = LaterAsync();
        over.SetResult();
        await late;
        Assert.Empty(await RowsAsync());

        async Task LaterAsync()
        {
            await over.Task;
            await Store.Settings.SetAsync("late", "1", Cancellation);
        }
    }

    [Fact]
    public async Task Rows_are_found_by_user_and_by_act_newest_first_in_pages()
    {
        foreach (var (user, what) in new[] { (1, "a"), (2, "a"), (1, "b"), (1, "a") })
            await Store.Audit.AddAsync(Entry(what) with { User = new UserId(user) }, Cancellation);
        Assert.Equal(["a", "b", "a", "a"], (await RowsAsync()).Select(row => row.What));
        Assert.Equal(3, (await Store.Audit.ListAsync(new(User: new(1)), Cancellation)).Items.Count);
        Assert.Equal(3, (await Store.Audit.ListAsync(new(What: "a"), Cancellation)).Items.Count);
        var first = await Store.Audit.ListAsync(new(new(1), "a", Limit: 1), Cancellation);
        var second = await Store.Audit.ListAsync(new(new(1), "a", first.Next, 1), Cancellation);
        Assert.True(Assert.Single(second.Items).Id < Assert.Single(first.Items).Id);
        await Assert.ThrowsAsync<FormatException>(() => Store.Audit.ListAsync(new(After: "x"), Cancellation));
    }

    [Fact]
    public async Task Rows_go_when_their_time_is_over()
    {
        await Store.Audit.AddAsync(Entry("old"), Cancellation);
        Store.Time.Advance(IAuditStore.KeptFor);
        await Store.Audit.AddAsync(Entry("kept"), Cancellation);
        Assert.Equal(2, (await RowsAsync()).Count);
        Store.Time.Advance(TimeSpan.FromMilliseconds(1));
        await Store.Audit.AddAsync(Entry("new"), Cancellation);
        Assert.Equal(["new", "kept"], (await RowsAsync()).Select(row => row.What));
    }

    protected Act Begin(string what) => Act.Begin(Entry(what));

    protected async Task<IReadOnlyList<AuditEntry>> RowsAsync() => (await Store.Audit.ListAsync(new(), Cancellation)).Items;

    private NewAuditEntry Entry(string what) => new(Store.Time.GetUtcNow(), new UserId(7), "ada", null, what, "1", "why");
}
