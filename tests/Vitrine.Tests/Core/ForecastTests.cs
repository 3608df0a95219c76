using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Statistics;

namespace Vitrine.Tests.Core;

/// <summary>From some images to all: without bias, with an error that is true, and with the room that there is.</summary>
public sealed class ForecastTests
{
    private static readonly ImageClass Small = new(".jpg", 4);
    private static readonly ImageClass Large = new(".png", 9);

    [Fact]
    public void What_was_made_whole_is_known_without_error()
    {
        var made = new (ImageClass, double)[] { (Small, 10), (Small, 15), (Large, 30) };
        Assert.Equal(new(55, 0), new Frame(3, 3, [Small, Small, Large]).Sum(made));
        Assert.Equal(default, new Frame(3, 3, []).Sum([]));
        Assert.Equal(0, new Frame(0, 0, []).Wanted);
    }

    [Fact]
    public void Half_of_what_was_drawn_is_half_of_all()
    {
        var frame = new Frame(1000, 4, [Small, Small]);
        Assert.Equal(500, frame.Wanted);
        var sum = frame.Sum([(Small, 7), (Small, 7)]);
        Assert.Equal(3500, sum.Total);
        Assert.InRange(sum.StandardError, 1700, 1800); // Of the share: 1000 x 7 x sqrt(0.25 / 4 x 0.996).
    }

    /// <summary>300 forecasts over libraries of photographs with sizes as they are: none but the unlucky twentieth outside its range, and the mean is right.</summary>
    [Fact]
    public void Nineteen_of_twenty_ranges_hold_the_truth()
    {
        const int Rounds = 300;
        var random = new Random(5);
        var (inside, relative) = (0, 0.0);
        for (var round = 0; round < Rounds; round++)
        {
            var all = Enumerable.Range(0, 1000).Select(_ => Photograph(random)).ToArray();
            var drawn = all.Select((a, index) => new DrawnImage(new(index + 1), ".jpg", a.Size, false, ["display"])).ToList();
            var plan = new SamplePlan(drawn);
            var made = new List<(ImageClass, double)>();
            while (made.Count < 64 && plan.Next() is { } image)
            {
                made.Add((ImageClass.Of(image), all[(int)image.Id.Value - 1].Value));
                plan.Add(image, made[^1].Item2);
            }
            var sum = new Frame(all.Length, all.Length, [.. drawn.Select(ImageClass.Of)]).Sum(made);
            var truth = all.Sum(a => a.Value);
            if (truth >= sum.Low && truth <= sum.High) inside++;
            relative += (sum.Total / truth) - 1;
        }
        Assert.InRange(inside, 0.90 * Rounds, 0.99 * Rounds);
        Assert.InRange(relative / Rounds, -0.01, 0.01);
    }

    /// <summary>A class that looked alike at first gets its share all the same.</summary>
    [Fact]
    public void Two_equal_values_do_not_make_a_class_certain()
    {
        var sum = new Frame(200, 200, [.. Enumerable.Repeat(Small, 100), .. Enumerable.Repeat(Large, 100)]).Sum([(Small, 10), (Small, 10), (Large, 5), (Large, 15), (Large, 10)]);
        Assert.Equal(2000, sum.Total);
        var certain = new Frame(100, 100, [.. Enumerable.Repeat(Large, 100)]).Sum([(Large, 5), (Large, 15), (Large, 10)]);
        Assert.True(sum.StandardError > 1.2 * certain.StandardError);
    }

    [Fact]
    public void Thumbnails_take_the_room_first_and_what_is_left_out_is_said()
    {
        var storage = new StorageUse([Folder(1, 500, "thumbnail"), Folder(2, 1000)]);
        PresetForecast[] presets = [new("display", 10, new(1200, 0)), new("thumbnail", 10, new(600, 0))];
        Assert.Equal([new("thumbnail", RoomVerdict.Fits, 0), new("display", RoomVerdict.NoRoom, 300)], RoomPlan.Of(presets, storage));
        Assert.Equal([new("display", RoomVerdict.Tight, 0)], RoomPlan.Of([new("display", 10, new(990, 50))], storage));
        Assert.Equal([new("display", RoomVerdict.NoRoom, 990)], RoomPlan.Of([new("display", 10, new(990, 50))], new([])));
    }

    [Fact]
    public void Averages_are_of_the_nearest_that_has_enough()
    {
        var one = new LibraryStatistics(new(1), "one", 0, 0, 0, 0, [new("thumbnail", "image/webp", 100, 1000), new("display", "image/jpeg", 10, 1000)]);
        var read = new CacheStatistics([one, one with { Id = new(2), Derivatives = [new("display", "image/jpeg", 90, 19000)] }], [], null);
        Assert.Equal((10, 0.25, ForecastBasis.Library), UsualSizes.Of(read, new(1), "thumbnail"));
        Assert.Equal((200, 0.5, ForecastBasis.Libraries), UsualSizes.Of(read, new(1), "display"));
        Assert.Equal(ForecastBasis.Usual, UsualSizes.Of(read, new(1), "full").Basis);
    }

    /// <summary>A size of two decades, and a derivative that goes with it and with chance.</summary>
    private static (long Size, double Value) Photograph(Random random)
    {
        var size = Math.Pow(2, 18 + (random.NextDouble() * 6));
        return ((long)size, Math.Max(0, (20_000 * Math.Log2(size / 65536)) * (0.4 + (1.2 * random.NextDouble()))));
    }

    private static FolderUse Folder(long id, long room, params string[] presets) =>
        new(new(new(id), "/c", Guid.Empty, 0, room, 0, presets, true, 0, 0, 0), new(FolderFault.None, 1 << 20, 1 << 20), $"{id}");
}
