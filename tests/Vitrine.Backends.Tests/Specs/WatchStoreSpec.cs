using System.Text;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Libraries.Watching;

namespace Vitrine.Backends.Tests.Specs;

public abstract class WatchStoreSpec : StoreSpec
{
    private static readonly Tree Tree = new Tree().With("a").With("a/b", new Picture("1.jpg")).With("a/c.cbz", ContainerKind.Zip, 5, new Picture("2.jpg"));

    [Fact]
    public async Task All_containers_are_paged_with_their_versions()
    {
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, Tree);
        await Story.AddLibraryAsync("other");
        var all = new List<WatchedContainer>();
        string? after = null;
        do
        {
            var page = await Store.Watching.ContainersAsync(library.Id, after, 1, Cancellation);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(["", "a", "a/b", "a/c.cbz"], all.Select(container => container.Path.Text).Order());
        Assert.Equal((ContainerKind.Zip, new SourceVersion(1, 5, 7)), (all.Single(c => c.Path == At("a/c.cbz")).Kind, all.Single(c => c.Path == At("a/c.cbz")).Version!.Value));
    }

    [Fact]
    public async Task Before_its_first_scan_a_container_has_no_version()
    {
        var library = await Story.AddLibraryAsync();
        Assert.Null(Assert.Single((await Store.Watching.ContainersAsync(library.Id, null, 10, Cancellation)).Items).Version);
    }

    [Fact]
    public async Task What_is_noted_is_there_or_the_nearest_above_and_once()
    {
        var library = await Story.AddLibraryAsync();
        var other = await Story.AddLibraryAsync("other");
        await Story.ScanAsync(library, new Tree().With("a").With("a/b"));
        Assert.Equal(2, await Store.Watching.NoteAsync(library.Id, [At("a/b"), At("a/new/deep"), At("a")], Cancellation));
        Assert.Equal(0, await Store.Watching.NoteAsync(library.Id, [At("a/b")], Cancellation));
        Assert.Equal(1, await Store.Watching.NoteAsync(other.Id, [At("nowhere")], Cancellation));
        Assert.Equal(0, await Store.Watching.NoteAsync(new(99), [At("a")], Cancellation));

        Assert.Single(await DueAsync(other));
        var noted = await DueAsync(library);
        Assert.Equal(2, noted.Count);
        var scan = (await Store.Jobs.AddAsync(new(Handler.Scan, new(library.Id, ["thumbnail"], noted)), Cancellation))!;
        var leased = new[] { await Story.MustLeaseAsync(), await Story.MustLeaseAsync() };
        Assert.All(leased, lease => Assert.Equal(scan.Id, lease.Job));
        Assert.Equal(["a", "a/b"], leased.Select(lease => lease.Path.Text).Order());
        Assert.Empty(await DueAsync(library));

        // Changed again while it is scanned: noted anew.
        Assert.Equal(1, await Store.Watching.NoteAsync(library.Id, [At("a/b")], Cancellation));
    }

    /// <summary>What was seen to change is due at once.</summary>
    private Task<IReadOnlyList<CollectionId>> DueAsync(Library library) =>
        Store.Watching.ToRevisitAsync(library.Id, Store.Time.GetUtcNow(), 10, Cancellation);

    private static SourcePath At(string path) => SourcePath.FromBytes(Encoding.UTF8.GetBytes(path));
}
