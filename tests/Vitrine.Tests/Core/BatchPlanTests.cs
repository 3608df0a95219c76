using CsCheck;
using Vitrine.Core.Jobs;

namespace Vitrine.Tests.Core;

public sealed class BatchPlanTests
{
    private static readonly Gen<PlannedItem[]> Items =
        Gen.Select(Gen.Long[1, 4], Gen.Long[0, BatchPlan.MaxBytes / 4], Gen.Int[0, 9]).Array[0, 400]
            .Select(rows => rows.OrderBy(r => r.Item1).Select((r, i) => new PlannedItem(i + 1, new(r.Item1), r.Item2, r.Item3 == 0)).ToArray());

    [Fact]
    public void Every_item_is_in_one_batch_of_its_own_container_within_the_limits() => Items.Sample(items =>
    {
        var size = items.ToDictionary(i => i.Item, i => i.Bytes);
        var home = items.ToDictionary(i => i.Item, i => i.Collection);
        var batches = BatchPlan.Cut(items, BatchClass.Normal);

        Assert.Equal(items.Select(i => i.Item).Order(), batches.SelectMany(b => b.Items).Order());
        foreach (var batch in batches)
        {
            Assert.InRange(batch.Items.Count, 1, BatchPlan.MaxItems);
            Assert.True(batch.Items.Count == 1 || batch.Items.Sum(i => size[i]) <= BatchPlan.MaxBytes);
            Assert.All(batch.Items, i => Assert.Equal(batch.Collection, home[i]));
        }
    });

    [Fact]
    public void Covers_are_batches_of_their_own_before_the_rest()
    {
        var items = Enumerable.Range(1, 3).Select(i => new PlannedItem(i, new(1), 10, i == 1));

        var batches = BatchPlan.Cut(items, BatchClass.Normal);

        Assert.Equal([(BatchClass.Covers, 1), (BatchClass.Normal, 2)], batches.Select(b => (b.Class, b.Items.Count)));
    }

    [Fact]
    public void A_sequential_container_is_one_batch_with_its_cover()
    {
        var items = Enumerable.Range(1, 5000).Select(i => new PlannedItem(i, new(i > 4000 ? 2 : 1), 1 << 20, i == 1, Sequential: i <= 4000));

        var batches = BatchPlan.Cut(items, BatchClass.Normal);

        Assert.Equal([4000, .. Enumerable.Repeat(64, 15), 40], batches.Select(b => b.Items.Count));
        Assert.All(batches, b => Assert.Equal(BatchClass.Normal, b.Class));
    }

    [Fact]
    public void A_full_batch_is_cut_at_64_items()
    {
        var batches = BatchPlan.Cut(Enumerable.Range(1, 130).Select(i => new PlannedItem(i, new(1), 1, false)), BatchClass.Low);

        Assert.Equal([64, 64, 2], batches.Select(b => b.Items.Count));
    }
}
