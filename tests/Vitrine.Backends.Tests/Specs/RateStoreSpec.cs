using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

public abstract class RateStoreSpec : StoreSpec
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Within_any_window_so_many_are_taken_and_what_is_refused_takes_nothing()
    {
        Assert.Null(await TakeAsync("a", 1, of: 2));
        Store.Time.Advance(TimeSpan.FromSeconds(40));
        Assert.Null(await TakeAsync("a", 1, of: 2));
        for (var tries = 0; tries < 5; tries++) Assert.Equal(TimeSpan.FromSeconds(20), await TakeAsync("a", 1, of: 2));
        Assert.Null(await TakeAsync("b", 1, of: 2));

        Store.Time.Advance(TimeSpan.FromSeconds(20) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(TimeSpan.FromMilliseconds(1), await TakeAsync("a", 1, of: 2));
        Store.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await TakeAsync("a", 1, of: 2));
        Assert.Equal(TimeSpan.FromSeconds(40), await TakeAsync("a", 1, of: 2));
    }

    [Fact]
    public async Task Several_are_taken_together_or_not_at_all()
    {
        Assert.Null(await TakeAsync("a", 60, of: 100));
        Assert.NotNull(await TakeAsync("a", 41, of: 100));
        Assert.Null(await TakeAsync("a", 40, of: 100));
        Assert.NotNull(await TakeAsync("a", 1, of: 100));
    }

    [Fact]
    public async Task Of_many_who_ask_at_once_so_many_are_let_in()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => TakeAsync("a", 1, of: 10)));
        Assert.Equal(10, answers.Count(answer => answer is null));
    }

    /// <summary>Each server knows the store's clock but for a moment: what another has counted counts all the same.</summary>
    [Fact]
    public async Task A_server_whose_view_of_the_clock_is_behind_lets_nobody_in_twice()
    {
        Assert.Null(await TakeAsync("a", 1, of: 1));
        Store.Time.AdjustTime(Store.Time.GetUtcNow() - TimeSpan.FromSeconds(1));
        Assert.NotNull(await TakeAsync("a", 1, of: 1));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_keeps_nobody_out_for_longer_than_a_window()
    {
        Assert.Null(await TakeAsync("a", 1, of: 1));
        Store.Time.AdjustTime(Store.Time.GetUtcNow() - TimeSpan.FromHours(1));
        Assert.Null(await TakeAsync("a", 1, of: 1));
        Assert.Equal(Minute, await TakeAsync("a", 1, of: 1));
    }

    private Task<TimeSpan?> TakeAsync(string key, int wanted, int of) => Store.Rates.TakeAsync(new(key, wanted, of, Minute), Cancellation);
}
