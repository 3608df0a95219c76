using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>Promise of <see cref="IUnreadFileStore"/>: what the last whole listing of each container counted, no more and no less.</summary>
public abstract class UnreadFileSpec : StoreSpec
{
    private static readonly Tree Tree = new Tree().With("a", new Picture("1.heic"), new Picture("2.HEIC"), new Picture("3.jpg")).With("b");

    [Fact]
    public async Task Files_are_summed_over_the_containers_of_a_library_by_extension()
    {
        var library = await ScannedAsync(("", new() { ["mp4"] = 2, [""] = 1 }), ("a", new() { ["mp4"] = 3 }), ("b", new() { ["txt"] = 7 }));
        Assert.Equal(
            [new("txt", FileKind.Document, false, 7), new("mp4", FileKind.Video, false, 5), new("", FileKind.Other, false, 1)],
            await UnreadAsync(library));
    }

    [Fact]
    public async Task A_later_listing_counts_anew_and_writes_only_what_differs()
    {
        var library = await ScannedAsync(("a", new() { ["mp4"] = 3, ["txt"] = 1 }));
        await ScanAgainAsync(library, ("a", new() { ["mp4"] = 4 }));
        Assert.Equal([new("mp4", FileKind.Video, false, 4)], await UnreadAsync(library));
    }

    [Fact]
    public async Task A_listing_that_failed_leaves_what_was_counted()
    {
        var library = await ScannedAsync(("a", new() { ["mp4"] = 3 }));
        await ScanAgainAsync(library, ("a", null));
        Assert.Equal([new("mp4", FileKind.Video, false, 3)], await UnreadAsync(library));
    }

    [Fact]
    public async Task What_goes_with_its_container_is_not_counted_any_more()
    {
        var library = await ScannedAsync(("a", new() { ["mp4"] = 3 }), ("b", new() { ["mov"] = 1 }));
        await Story.ScanAsync(library, new Tree().With("a", new Picture("3.jpg")));
        Assert.Equal([new("mp4", FileKind.Video, false, 3)], await UnreadAsync(library));
    }

    [Fact]
    public async Task Unsupported_images_are_counted_beside_them_and_others_libraries_are_not()
    {
        var library = await ScannedAsync(("a", new() { ["mp4"] = 3 }));
        while (await Story.LeaseAsync() is { } derive)
        {
            await Story.CommitAsync(derive, [.. derive.Items.Select(item => item.Name.EndsWith("jpg", StringComparison.Ordinal)
                ? new ItemResult(item.Item, Outcome.Failed, Reason.Corrupt)
                : new ItemResult(item.Item, Outcome.Skipped, Reason.Unsupported))]);
        }
        Assert.Equal([new("mp4", FileKind.Video, false, 3), new("heic", FileKind.Image, true, 2)], await UnreadAsync(library));
        Assert.Empty((await UnreadAsync(await Story.AddLibraryAsync("other")))!);
    }

    [Fact]
    public async Task What_is_not_granted_is_not_there()
    {
        var library = await ScannedAsync(("a", new() { ["mp4"] = 3 }));
        Assert.Null(await Store.UnreadFiles.OfLibraryAsync(Grants.Of([]), library.Id, Cancellation));
        Assert.Null(await Store.UnreadFiles.OfLibraryAsync(Grants.All, new(99), Cancellation));
        await Store.Libraries.RemoveAsync(library.Id, Cancellation);
        Assert.Null(await Store.UnreadFiles.OfLibraryAsync(Grants.All, library.Id, Cancellation));
    }

    private Task<IReadOnlyList<UnreadFiles>?> UnreadAsync(Library library) => Store.UnreadFiles.OfLibraryAsync(Grants.All, library.Id, Cancellation);

    private async Task<Library> ScannedAsync(params (string Path, Dictionary<string, int>? Others)[] others)
    {
        var library = await Story.AddLibraryAsync();
        await ScanAgainAsync(library, others);
        return library;
    }

    private async Task ScanAgainAsync(Library library, params (string Path, Dictionary<string, int>? Others)[] others)
    {
        var counts = others.ToDictionary(other => other.Path, other => other.Others);
        await Story.ScanAsync(library, Tree, step: lease =>
        {
            var step = Story.Step(lease, Tree) with { Others = counts.GetValueOrDefault(lease.Path.Text, []) };
            return step.Others is null ? step with { Images = [], Containers = [], Reason = Reason.SourceUnreadable } : step;
        });
    }
}
