using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>Presets that change: what differs is made anew, and nothing else.</summary>
public abstract class PresetStoreSpec : StoreSpec
{
    private static readonly Preset Sharper = Preset.Thumbnail with { Quality = 90 };

    private CacheFolder _folder = null!;

    [Fact]
    public async Task A_new_store_has_those_that_are_built_in_with_the_numbers_of_their_recipes()
    {
        Assert.Equal(Preset.BuiltIn, (await Store.Presets.ListAsync(Cancellation)).OrderBy(preset => preset.MaxEdge ?? int.MaxValue));

        await MadeAsync(images: 1);

        Assert.All((await Story.AnImageAsync()).Derivatives, derivative => Assert.Equal(PresetSet.BuiltIn.Find(derivative.Preset)!.Recipe, derivative.Recipe));
        Assert.Empty((await Store.Catalog.ToDeriveAsync(new(new(1), ["thumbnail", "display"]), null, 10, Cancellation)).Items);
    }

    [Fact]
    public async Task After_a_change_every_image_lacks_that_preset_alone_and_keeps_what_it_has_until_the_new_one_is_made()
    {
        var library = await MadeAsync(images: 3);
        var before = await Story.AnImageAsync();

        Assert.True(await Store.Presets.ChangeAsync(Sharper, Cancellation));
        Assert.Equal(before.Derivatives, (await Story.AnImageAsync()).Derivatives);
        var job = await PlanAsync(library, ["thumbnail", "display"]);
        Assert.Equal(3, job.Total);
        var lease = await Story.MustLeaseAsync();
        Assert.All(lease.Items, item => Assert.Equal([Sharper], item.Presets));
        await Story.CommitAsync(lease, [.. lease.Items.Select(item => Story.Done(lease, item, _folder))]);

        var after = await Story.AnImageAsync();
        Assert.Equal(Sharper.Recipe, after.Derivatives.Single(derivative => derivative.Preset == "thumbnail").Recipe);
        Assert.Equal(before.Derivatives.Single(d => d.Preset == "display"), after.Derivatives.Single(d => d.Preset == "display"));
        Assert.NotEqual(before.Summary.Versions["thumbnail"], after.Summary.Versions["thumbnail"]);
        Assert.Empty((await Store.Catalog.ToDeriveAsync(job.Scope, null, 10, Cancellation)).Items);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_lease_makes_what_its_recipes_were_and_the_next_job_makes_it_again()
    {
        var library = await ScannedAsync(images: 1);
        var lease = await Story.MustLeaseAsync();
        await Store.Presets.ChangeAsync(Sharper, Cancellation);

        await Story.CommitAsync(lease, Story.Done(lease, lease.Items[0], _folder));

        Assert.Equal(Preset.Thumbnail.Recipe, (await Story.AnImageAsync()).Derivatives.Single(d => d.Preset == "thumbnail").Recipe);
        Assert.Equal(1, (await PlanAsync(library, ["thumbnail"])).Total);
    }

    [Fact]
    public async Task What_is_changed_back_is_made_already()
    {
        var library = await MadeAsync(images: 2);

        await Store.Presets.ChangeAsync(Sharper, Cancellation);
        await Store.Presets.ChangeAsync(Preset.Thumbnail, Cancellation);

        Assert.Empty((await Store.Catalog.ToDeriveAsync(new(library.Id, ["thumbnail"]), null, 10, Cancellation)).Items);
    }

    [Fact]
    public async Task A_preset_is_added_once_and_made_like_the_others()
    {
        var library = await MadeAsync(images: 1);
        var wall = new Preset("wall", 4000, DerivativeFormat.Webp, 70, false);

        Assert.True(await Store.Presets.AddAsync(wall, Cancellation));
        Assert.False(await Store.Presets.AddAsync(wall with { Quality = 10 }, Cancellation));

        Assert.Equal(1, (await PlanAsync(library, ["wall"])).Total);
        Assert.Equal([wall], (await Story.MustLeaseAsync()).Items[0].Presets);
    }

    [Fact]
    public async Task A_retired_preset_is_not_made_and_its_links_go_in_parts_with_their_counts()
    {
        var library = await MadeAsync(images: 5);
        await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(4)));

        Assert.True(await Store.Presets.RetireAsync("display", Cancellation));
        Assert.False(await Store.Presets.RetireAsync("display", Cancellation));
        Assert.DoesNotContain(await Store.Presets.ListAsync(Cancellation), preset => preset.Name == "display");
        var forced = new JobScope(library.Id, ["display"], Force: true);
        await Story.PlanAsync(forced, [await Story.WholeBatchAsync(forced)]);
        Assert.All((await Story.MustLeaseAsync()).Items, item => Assert.Empty(item.Presets));

        int[] dropped = [await DropAsync(3), await DropAsync(3), await DropAsync(3)];
        Assert.Equal([3, 2, 0], dropped);

        var counters = (await Store.Libraries.ListAsync(Cancellation)).Single().Counters;
        Assert.Equal(4, counters.Derivatives["thumbnail"].Count);
        Assert.False(counters.Derivatives.ContainsKey("display"));
        Assert.Equal(5, (await Store.Blobs.BlobsAsync(null, 100, Cancellation)).Items.Count(blob => blob.References == 0));
        await Story.AuditAsync();
        Assert.True(await Store.Presets.AddAsync(Preset.Display, Cancellation));
    }

    private Task<int> DropAsync(int limit) => Store.Presets.DropRetiredAsync(limit, Cancellation);

    private async Task<Library> ScannedAsync(int images)
    {
        _folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(images)));
        return library;
    }

    private async Task<Library> MadeAsync(int images)
    {
        var library = await ScannedAsync(images);
        await Story.DeriveAllAsync(_folder);
        return library;
    }

    private async Task<Job> PlanAsync(Library library, string[] presets)
    {
        var scope = new JobScope(library.Id, presets);
        return await Story.PlanAsync(scope, [await Story.WholeBatchAsync(scope)]);
    }
}
