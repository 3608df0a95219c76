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

    /// <summary>Each node knows the store's clock but for a moment: it takes nobody's lock for that.</summary>
    [Fact]
    public async Task A_node_whose_view_of_the_clock_is_behind_takes_no_lock()
    {
        Assert.NotNull(await Store.Locks.AcquireAsync("x", "a", Minute, Cancellation));
        Store.Time.AdjustTime(Store.Time.GetUtcNow() - TimeSpan.FromSeconds(1));
        Assert.Null(await Store.Locks.AcquireAsync("x", "b", Minute, Cancellation));
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
