using Vitrine.Core.Jobs;

namespace Vitrine.Backends.Tests.Specs;

public abstract class LibraryStoreSpec : StoreSpec
{
    [Fact]
    public async Task Repeating_a_step_writes_no_row()
    {
        var library = await Story.AddLibraryAsync();
        var tree = new Tree().With("", Story.Pictures(5)).With("sub", Story.Pictures(2));
        await Story.StartScanAsync(library);
        var lease = await Story.MustLeaseAsync();
        var first = await Story.ApplyAsync(lease, tree);
        var before = await Store.RowsWrittenAsync();

        var again = await Story.ApplyAsync(lease, tree);

        Assert.Equal((5, 0, 0), (first.Added, first.Changed, first.Removed));
        Assert.Equal((0, 0, 0), (again.Added, again.Changed, again.Removed));
        Assert.Equal(first.Images, again.Images);
        Assert.Equal(first.Containers, again.Containers);
        Assert.Equal(before, await Store.RowsWrittenAsync());
    }
}
