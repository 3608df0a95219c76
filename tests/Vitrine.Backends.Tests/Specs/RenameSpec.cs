using System.Text;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>Files that have other names now: what they are is told by their inode, where no other name leads to it.</summary>
public abstract class RenameSpec : StoreSpec
{
    [Fact]
    public async Task A_renamed_file_keeps_its_id_and_what_was_made_of_it()
    {
        var library = await MadeAsync(File("a.jpg", 1), File("b.jpg", 2), File("c.jpg", 3));
        var before = await ImagesAsync();

        var derive = await ScanAsync(library, File("b.jpg", 2), File("c.jpg", 3), File("d.jpg", 1));

        Assert.Equal(0, derive.Total);
        Assert.Equal([("b.jpg", before["b.jpg"]), ("c.jpg", before["c.jpg"]), ("d.jpg", before["a.jpg"])], await InOrderAsync());
        Assert.Equal((3, 6), Counted(await Story.AuditAsync()));
        Assert.Empty((await Store.Trash.ListAsync(Grants.All, library.Id, null, 10, Cancellation))!.Items);
        Assert.Equal(before["b.jpg"], (await CollectionAsync()).Cover!.Id);
    }

    /// <summary>Pages that are numbered anew: each has the name that another one had.</summary>
    [Fact]
    public async Task Files_that_changed_names_among_each_other_keep_their_ids()
    {
        var library = await MadeAsync(File("1.jpg", 1), File("2.jpg", 2), File("3.jpg", 3), File("x.jpg", 4), File("y.jpg", 5));
        var before = await ImagesAsync();

        var derive = await ScanAsync(library, File("1.jpg", 9), File("2.jpg", 1), File("3.jpg", 2), File("4.jpg", 3), File("x.jpg", 5), File("y.jpg", 4));

        Assert.Equal(1, derive.Total);
        var after = await ImagesAsync();
        Assert.Equal(
            [before["1.jpg"], before["2.jpg"], before["3.jpg"], before["y.jpg"], before["x.jpg"]],
            new[] { "2.jpg", "3.jpg", "4.jpg", "x.jpg", "y.jpg" }.Select(name => after[name]));
        Assert.DoesNotContain(after["1.jpg"], before.Values);
        Assert.Equal((6, 10), Counted(await Story.AuditAsync()));
    }

    /// <summary>A whole row of files that follow each other, from one that is written over on.</summary>
    [Fact]
    public async Task Behind_a_file_that_was_put_over_another_one_each_keeps_its_place()
    {
        var library = await MadeAsync([.. Enumerable.Range(0, 600).Select(number => File($"{number:D3}.jpg", 1 + number))]);
        var before = await ImagesAsync(1000);

        await ScanAsync(library, [.. Enumerable.Range(0, 599).Select(number => File($"{number:D3}.jpg", 2 + number))]);

        Assert.Equal(before.Where(image => image.Key != "599.jpg").OrderBy(image => image.Key), (await ImagesAsync(1000)).OrderBy(image => image.Key));
        await Story.AuditAsync();
    }

    /// <summary>As by <c>mv b.jpg a.jpg</c>: a place has one image, and what was shown there stays there.</summary>
    [Fact]
    public async Task A_file_that_was_put_over_another_one_is_that_ones_new_original()
    {
        var library = await MadeAsync(File("a.jpg", 1), File("b.jpg", 2), File("c.jpg", 3));
        var before = await ImagesAsync();

        await ScanAsync(library, File("a.jpg", 2), File("b.jpg", 3));

        Assert.Equal([("a.jpg", before["a.jpg"]), ("b.jpg", before["b.jpg"])], await InOrderAsync());
        await Story.AuditAsync();
    }

    /// <summary>A second name of the same file, a copy with its times, and a file of another time.</summary>
    [Fact]
    public async Task What_is_another_file_or_may_be_has_an_id_of_its_own()
    {
        var library = await MadeAsync(File("a.jpg", 1), File("b.jpg", 2), File("c.jpg", 3));
        var before = await ImagesAsync();

        await ScanAsync(library, File("a2.jpg", 1) with { OnlyName = false }, File("b2.jpg", 12), File("c2.jpg", 3) with { Version = new(1000, 7, 3) });

        Assert.Empty((await ImagesAsync()).Values.Intersect(before.Values));
        Assert.Equal(3, (await Store.Trash.ListAsync(Grants.All, library.Id, null, 10, Cancellation))!.Items.Count);
    }

    /// <summary>A name may be all that was wrong with it.</summary>
    [Fact]
    public async Task A_file_that_failed_is_tried_anew_under_its_new_name()
    {
        var library = await Story.AddLibraryAsync();
        await Story.AddFolderAsync();
        await ScanAsync(library, File("a.jpg", 1));
        var lease = await Story.MustLeaseAsync();
        await Story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, Outcome.Failed, Reason.Corrupt));

        Assert.Equal(1, (await ScanAsync(library, File("b.jpg", 1))).Total);
    }

    [Fact]
    public async Task A_scan_that_was_repeated_in_the_middle_renames_once()
    {
        var library = await MadeAsync(File("a.jpg", 1), File("b.jpg", 2));
        var before = await ImagesAsync();
        await Story.StartScanAsync(library);
        var lease = await Story.MustLeaseAsync();
        FoundImage[] found = [File("b.jpg", 1), File("c.jpg", 2)];

        for (var i = 0; i < 2; i++) await Store.Libraries.ApplyAsync(lease, new(lease.Collection, found, [], true), Cancellation);

        Assert.Equal([("b.jpg", before["a.jpg"]), ("c.jpg", before["b.jpg"])], await InOrderAsync());
    }

    [Theory]
    [InlineData("new name.cbz")]
    [InlineData("elsewhere/book.cbz")]
    public async Task An_archive_that_was_renamed_or_moved_keeps_its_id_and_those_of_its_images(string to)
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        await ScanAsync(library, new Books("book.cbz", 5));
        await Story.DeriveAllAsync(folder);
        var before = await CollectionAsync();
        var images = await ImagesAsync();

        var derive = await ScanAsync(library, new Books(to, 5));

        Assert.Equal(0, derive.Total);
        var after = await CollectionAsync();
        Assert.Equal((before.Id, to.Split('/')[^1]), (after.Id, after.Name));
        Assert.Equal(images, await ImagesAsync());
        Assert.Equal((2, 4), Counted(await Story.AuditAsync()));
    }

    [Fact]
    public async Task An_archive_with_a_second_name_is_a_second_collection()
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        await ScanAsync(library, new Books("book.cbz", 5, OnlyName: false));
        await Story.DeriveAllAsync(folder);
        var before = await CollectionAsync();

        await ScanAsync(library, new Books("other.cbz", 5, OnlyName: false));

        Assert.NotEqual(before.Id, (await CollectionAsync()).Id);
    }

    private sealed record Books(string Path, long Inode, bool OnlyName = true);

    private static FoundImage File(string name, long inode) => new Picture(name).Found with { Version = new(1000, 1, inode), OnlyName = true };

    private async Task<Library> MadeAsync(params FoundImage[] images)
    {
        var folder = await Story.AddFolderAsync();
        var library = await Story.AddLibraryAsync();
        await ScanAsync(library, images);
        await Story.DeriveAllAsync(folder);
        return library;
    }

    private Task<Job> ScanAsync(Library library, params FoundImage[] images) => Story.ScanAsync(library, new Tree(),
        step: lease => new(lease.Collection, images, [], SameMount: true, Last: true, Version: new(1, 1, 7)));

    private Task<Job> ScanAsync(Library library, Books book)
    {
        var path = SourcePath.FromBytes(Encoding.UTF8.GetBytes(book.Path));
        return Story.ScanAsync(library, new Tree(), step: lease => lease.Path == path
            ? new(lease.Collection, [new Picture("1.jpg").Found, new Picture("2.jpg").Found], [], SameMount: true, Last: true, Version: new(1, 1, book.Inode), Kind: ContainerKind.Zip)
            : new(lease.Collection, [], [.. Below(lease.Path, path, book)], SameMount: true, Last: true, Version: new(1, 1, 7)));
    }

    private static IEnumerable<FoundContainer> Below(SourcePath directory, SourcePath book, Books found)
    {
        if (book.Parent == directory)
            yield return new(ContainerKind.Zip, book, book.LastSegment.ToString(), book.LastSegment.Bytes, new(1, 1, found.Inode), found.OnlyName);
        else if (book.Parent is { } parent && parent.Parent == directory)
            yield return new(ContainerKind.Directory, parent, parent.LastSegment.ToString(), parent.LastSegment.Bytes, new(1, 1, 99), OnlyName: true);
    }

    private async Task<Collection> CollectionAsync() => Assert.Single((await Store.Catalog.CollectionsAsync(Grants.All, new(), Cancellation)).Items);

    private async Task<List<(string Name, ImageId Id)>> InOrderAsync(int limit = 100) =>
        [.. (await Store.Catalog.ImagesAsync(Grants.All, (await CollectionAsync()).Id, null, limit, Cancellation))!.Items.Select(image => (image.Name, image.Id))];

    private async Task<Dictionary<string, ImageId>> ImagesAsync(int limit = 100) => (await InOrderAsync(limit)).ToDictionary(image => image.Name, image => image.Id);

    private static (long, long) Counted(Audit audit) => (audit.Images, audit.Rows);
}
