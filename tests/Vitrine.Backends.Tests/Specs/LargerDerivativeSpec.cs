using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>What a lease tells of larger derivatives, and what comes of it.</summary>
public abstract class LargerDerivativeSpec : StoreSpec
{
    private static readonly Preset Smaller = Preset.Thumbnail with { MaxEdge = 200 };

    private CacheFolder _folder = null!;

    [Fact]
    public async Task An_image_that_lacks_a_preset_comes_with_the_derivative_that_it_can_be_made_from()
    {
        var library = await MadeAsync("image/jpeg");
        var first = (await Story.AnImageAsync()).Derivatives.Single(derivative => derivative.Preset == "display");

        var lease = await AfterAChangeAsync(library);

        var item = lease.Items.Single();
        Assert.Equal([Smaller], item.Presets);
        Assert.Equal((_folder.Path, first.FileName, first.Size, first.Hash), (item.Larger!.FolderPath, item.Larger.FileName, item.Larger.Size, item.Larger.Hash));
        Assert.Equal((4000, 3000, "jpeg", "aabbcc"), (item.Larger.Facts.Width, item.Larger.Facts.Height, item.Larger.Facts.Format, item.Larger.Facts.Color));

        var result = Story.Done(lease, item, _folder) with { VersionRead = null };
        await Story.CommitAsync(lease, result with { Facts = item.Larger.Facts });
        Assert.Equal(Smaller.Recipe, (await Story.AnImageAsync()).Derivatives.Single(derivative => derivative.Preset == "thumbnail").Recipe);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task What_is_new_comes_without()
    {
        await ScannedAsync();
        Assert.Null((await Story.MustLeaseAsync()).Items.Single().Larger);
    }

    [Fact]
    public async Task What_has_another_format_comes_without() =>
        Assert.Null((await AfterAChangeAsync(await MadeAsync("image/webp"))).Items.Single().Larger);

    [Fact]
    public async Task What_is_made_anew_by_force_comes_without()
    {
        var library = await MadeAsync("image/jpeg");

        Assert.Null((await LeaseAsync(new(library.Id, ["thumbnail"], Force: true))).Items.Single().Larger);
    }

    [Fact]
    public async Task What_was_written_over_comes_without()
    {
        var library = await MadeAsync("image/jpeg");
        await Story.ScanAsync(library, new Tree().With("", new Picture("1.jpg", Stamp: 9)));

        var item = (await Story.MustLeaseAsync()).Items.Single();
        Assert.NotEmpty(item.Presets);
        Assert.Null(item.Larger);
    }

    [Fact]
    public async Task A_recipe_that_was_changed_is_no_source()
    {
        var library = await MadeAsync("image/jpeg");
        await Store.Presets.ChangeAsync(Preset.Display with { Quality = 95 }, Cancellation);

        Assert.Null((await AfterAChangeAsync(library)).Items.Single().Larger);
    }

    private async Task<Library> ScannedAsync()
    {
        _folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("", new Picture("1.jpg")));
        return library;
    }

    private async Task<Library> MadeAsync(string contentType)
    {
        var library = await ScannedAsync();
        while (await Story.LeaseAsync() is { } lease)
        {
            foreach (var item in lease.Items)
            {
                var done = Story.Done(lease, item, _folder);
                await Story.CommitAsync(lease, done with { Derivatives = [.. done.Derivatives!.Select(made => made with { ContentType = contentType })] });
            }
        }
        return library;
    }

    private async Task<Lease> AfterAChangeAsync(Library library)
    {
        await Store.Presets.ChangeAsync(Smaller, Cancellation);
        return await LeaseAsync(new(library.Id, ["thumbnail"]));
    }

    private async Task<Lease> LeaseAsync(JobScope scope)
    {
        await Story.PlanAsync(scope, [await Story.WholeBatchAsync(scope)]);
        return await Story.MustLeaseAsync();
    }
}
