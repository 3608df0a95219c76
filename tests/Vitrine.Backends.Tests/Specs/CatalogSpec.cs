using Vitrine.Core;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>Reads: pages, grants, neighbours.</summary>
public abstract class CatalogSpec : StoreSpec
{
    [Theory]
    [InlineData(CollectionSort.Name)]
    [InlineData(CollectionSort.Updated)]
    [InlineData(CollectionSort.Added)]
    [InlineData(CollectionSort.Images)]
    [InlineData(CollectionSort.Bytes)]
    public async Task Pages_are_complete_in_order_and_without_doubles(CollectionSort sort)
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        var tree = new Tree();
        for (var i = 0; i < 23; i++) tree.With($"c{i * 7 % 23:D2}", Story.Pictures(1 + (i % 3)));
        await Story.ScanAsync(library, tree.With("empty"));
        await Story.DeriveAllAsync(folder);

        foreach (var descending in new[] { false, true })
        {
            foreach (var only in new LibraryId?[] { null, library.Id })
            {
                var all = await AllAsync(new(only, Sort: sort, Descending: descending, Limit: 5));
                Assert.Equal(23, all.Select(c => c.Id).Distinct().Count());
                Assert.Equal(23, all.Count);
                var keys = all.Select(c => Key(c, sort)).ToList();
                Assert.Equal(descending ? keys.OrderDescending() : keys.Order(), keys);
            }
        }

        static IComparable Key(Collection collection, CollectionSort by) => by switch
        {
            CollectionSort.Name => collection.Name,
            CollectionSort.Updated => collection.UpdatedAt,
            CollectionSort.Added => collection.Id.Value,
            CollectionSort.Images => collection.Images,
            _ => collection.DerivativeBytes,
        };
    }

    [Fact]
    public async Task A_page_stays_right_while_collections_come_and_go()
    {
        var library = await Story.AddLibraryAsync();
        var tree = new Tree();
        for (var i = 10; i < 20; i++) tree.With($"c{i}", Story.Pictures(1));
        await Story.ScanAsync(library, tree);
        var first = await Store.Catalog.CollectionsAsync(Grants.All, new(Limit: 4), Cancellation);
        await Story.ScanAsync(library, tree.Without("c11").Without("c13").With("c00", Story.Pictures(1)).With("c135", Story.Pictures(1)));
        var rest = await Store.Catalog.CollectionsAsync(Grants.All, new(After: first.Next, Limit: 50), Cancellation);
        Assert.Equal(["c135", "c14", "c15", "c16", "c17", "c18", "c19"], rest.Items.Select(c => c.Name));
    }

    [Fact]
    public async Task Another_query_s_cursor_is_refused()
    {
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("a", Story.Pictures(1)).With("b", Story.Pictures(1)));
        var page = await Store.Catalog.CollectionsAsync(Grants.All, new(Limit: 1), Cancellation);
        foreach (var bad in new CollectionQuery[] { new(After: page.Next, Descending: true), new(After: page.Next, Sort: CollectionSort.Images), new(After: "x"), new(After: "bnVsbA==") })
        {
            await Assert.ThrowsAsync<FormatException>(() => Store.Catalog.CollectionsAsync(Grants.All, bad, Cancellation));
        }
        await Assert.ThrowsAsync<FormatException>(() => Store.Catalog.ImagesAsync(Grants.All, page.Items[0].Id, "-1", 5, Cancellation));
        await Assert.ThrowsAsync<FormatException>(() => Store.Catalog.ImagesAsync(Grants.All, page.Items[0].Id, "999", 5, Cancellation));
    }

    [Fact]
    public async Task Search_takes_every_word_literally_and_without_case()
    {
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree()
            .With("Été 2020", Story.Pictures(1)).With("100%_real", Story.Pictures(1)).With("Trips").With("Trips/Été in Rome", Story.Pictures(1)));
        Assert.Equal(["Été 2020", "Été in Rome"], (await NamesAsync("éTÉ")).Order());
        Assert.Equal(["Été in Rome"], await NamesAsync("trips été"));
        Assert.Equal(["100%_real"], await NamesAsync("%_"));
        Assert.Empty(await NamesAsync("%2020"));

        async Task<IEnumerable<string>> NamesAsync(string search) =>
            (await Store.Catalog.CollectionsAsync(Grants.All, new(Search: search), Cancellation)).Items.Select(c => c.Name);
    }

    [Fact]
    public async Task Images_come_in_natural_order_page_by_page()
    {
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("", Story.Pictures(25)));
        var collection = (await Store.Catalog.CollectionsAsync(Grants.All, new(), Cancellation)).Items.Single().Id;
        var names = new List<string>();
        string? after = null;
        do
        {
            var page = (await Store.Catalog.ImagesAsync(Grants.All, collection, after, 10, Cancellation))!;
            names.AddRange(page.Items.Select(i => i.Name));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(Story.Pictures(25).Select(p => p.Name), names);
    }

    [Fact]
    public async Task Neighbours_know_their_place()
    {
        await Story.ScanAsync(await Story.AddLibraryAsync(), new Tree().With("", Story.Pictures(3)));
        var collection = (await Store.Catalog.CollectionsAsync(Grants.All, new(), Cancellation)).Items.Single().Id;
        var ids = (await Store.Catalog.ImagesAsync(Grants.All, collection, null, 10, Cancellation))!.Items.Select(i => i.Id).ToList();
        Assert.Equal((null, ids[1], 0, 3), await LookAsync(ids[0]));
        Assert.Equal((ids[0], ids[2], 1, 3), await LookAsync(ids[1]));
        Assert.Equal((ids[1], null, 2, 3), await LookAsync(ids[2]));

        async Task<(ImageId?, ImageId?, long, long)> LookAsync(ImageId id)
        {
            var neighbours = (await Store.Catalog.NeighboursAsync(Grants.All, id, Cancellation))!;
            return (neighbours.Previous?.Id, neighbours.Next?.Id, neighbours.Index, neighbours.Count);
        }
    }

    [Fact]
    public async Task Nothing_of_a_library_that_is_not_granted_is_in_any_answer()
    {
        var (mine, other) = (await Story.AddLibraryAsync("mine"), await Story.AddLibraryAsync("other"));
        foreach (var library in new[] { mine, other }) await Story.ScanAsync(library, new Tree().With("", Story.Pictures(2)));
        var hidden = (await Store.Catalog.CollectionsAsync(Grants.All, new(other.Id), Cancellation)).Items.Single();

        foreach (var grants in new[] { Grants.Of([mine.Id]), Grants.Of([]) })
        {
            foreach (var query in new CollectionQuery[] { new(), new(other.Id), new(Search: "other"), new(Sort: CollectionSort.Added, Descending: true) })
            {
                Assert.DoesNotContain((await Store.Catalog.CollectionsAsync(grants, query, Cancellation)).Items, c => c.Library == other.Id);
            }
            Assert.Null(await Store.Catalog.CollectionAsync(grants, hidden.Id, Cancellation));
            Assert.Null(await Store.Catalog.ImagesAsync(grants, hidden.Id, null, 10, Cancellation));
            Assert.Null(await Store.Catalog.ImageAsync(grants, hidden.Cover!.Id, Cancellation));
            Assert.Null(await Store.Catalog.NeighboursAsync(grants, hidden.Cover!.Id, Cancellation));
            for (var point = 0.0; point < 1; point += 0.1)
            {
                Assert.NotEqual(hidden.Id, (await Store.Catalog.RandomAsync(grants, point, Cancellation))?.Collection);
            }
        }
        Assert.Null(await Store.Catalog.RandomAsync(Grants.Of([]), 0.5, Cancellation));
        Assert.Equal(4, await DifferentAsync());

        async Task<int> DifferentAsync()
        {
            var ids = new HashSet<ImageId>();
            for (var point = 0.0; point < 1; point += 0.05) ids.Add((await Store.Catalog.RandomAsync(Grants.All, point, Cancellation))!.Id);
            return ids.Count;
        }
    }

    [Fact]
    public async Task What_lacks_a_preset_is_found_page_by_page()
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("a", Story.Pictures(7)).With("b", Story.Pictures(5)).With("c", Story.Pictures(3)));
        await Story.DeriveAllAsync(folder);
        var all = await PlanAsync(new(library.Id, ["medium"]));
        Assert.Equal(15, all.Count);
        Assert.Equal(all.OrderBy(i => i.Collection).ThenBy(i => i.Item), all);
        Assert.Equal(3, all.Count(i => i.Cover));
        Assert.Empty(await PlanAsync(new(library.Id, ["thumbnail", "display"])));
        Assert.Equal(15, (await PlanAsync(new(library.Id, ["thumbnail"], Force: true))).Count);

        var (first, last) = (all[0].Collection, all[^1].Collection);
        Assert.Equal(10, (await PlanAsync(new(library.Id, ["thumbnail", "full"], [first, last]))).Count);
        ImageId[] some = [new(all[1].Item), new(all[9].Item), new(9999)];
        Assert.Equal([all[1], all[9]], await PlanAsync(new(library.Id, ["full"], Images: some)));
        Assert.Equal([all[1]], await PlanAsync(new(library.Id, ["full"], [first], some)));
        var elsewhere = await Story.AddLibraryAsync("elsewhere");
        Assert.Empty(await PlanAsync(new(elsewhere.Id, ["full"], Images: some)));

        async Task<List<PlannedItem>> PlanAsync(JobScope scope)
        {
            var items = new List<PlannedItem>();
            string? after = null;
            do
            {
                var page = await Store.Catalog.ToDeriveAsync(scope, after, 4, Cancellation);
                items.AddRange(page.Items);
                after = page.Next;
            }
            while (after is not null);
            return items;
        }
    }

    private async Task<List<Collection>> AllAsync(CollectionQuery query)
    {
        var all = new List<Collection>();
        Page<Collection> page;
        do
        {
            page = await Store.Catalog.CollectionsAsync(Grants.All, query, Cancellation);
            all.AddRange(page.Items);
            query = query with { After = page.Next };
        }
        while (page.Next is not null);
        return all;
    }
}
