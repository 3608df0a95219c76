using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Specs;

/// <summary>The inbox: what stands, by group, by selection, and ignored.</summary>
public abstract class InboxSpec : StoreSpec
{
    private static readonly FailureQuery.Standing All = new();

    [Fact]
    public async Task Groups_count_by_library_kind_reason_and_decoder_what_is_granted()
    {
        var (one, two) = (await Story.AddLibraryAsync("one"), await Story.AddLibraryAsync("two"));
        await FillAsync(one, two);
        FailureGroup[] expected =
        [
            new(one.Id, Handler.Scan, Reason.ArchiveCorrupt, "v1", false, 1),
            new(one.Id, Handler.Derive, Reason.Corrupt, "v1", false, 2),
            new(one.Id, Handler.Derive, Reason.SourceMissing, "", false, 1),
            new(two.Id, Handler.Derive, Reason.Corrupt, "v2", false, 1),
            new(two.Id, Handler.Derive, Reason.Unsupported, "v2", false, 2),
        ];
        Assert.Equal(expected, await Store.Failures.GroupsAsync(Grants.All, Cancellation));
        Assert.Equal(expected.Where(g => g.Library == two.Id), await Store.Failures.GroupsAsync(Grants.Of([two.Id]), Cancellation));
        Assert.Empty(await Store.Failures.GroupsAsync(Grants.Of([]), Cancellation));
        await Story.AuditAsync();

        await Store.Libraries.RemoveAsync(two.Id, Cancellation);
        Assert.Equal(expected.Where(g => g.Library == one.Id), await Store.Failures.GroupsAsync(Grants.All, Cancellation));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_list_holds_what_is_selected_and_granted_each_once_in_pages_of_any_size()
    {
        var (one, two) = (await Story.AddLibraryAsync("one"), await Story.AddLibraryAsync("two"));
        await FillAsync(one, two);
        var all = await ListAsync(All);
        Assert.Equal(7, all.Count);
        Assert.Equal(all.Count, all.Select(f => (f.Handler, f.Item)).Distinct().Count());
        var image = all.First(f => f.Code == Reason.Unsupported);
        var collection = (await Store.Catalog.ImageAsync(Grants.All, new(image.Item), Cancellation))!.Summary.Collection;
        var archive = all.Single(f => f.Handler == Handler.Scan);
        Assert.Equal(("a.cbz", "v1"), (archive.Source, archive.DecoderVersion));
        (FailureQuery.Standing Query, Func<JobFailure, bool> Selected)[] questions =
        [
            (new(one.Id), f => f.Library == one.Id),
            (new(Kind: Handler.Scan), f => f.Handler == Handler.Scan),
            (new(Reasons: [Reason.Corrupt, Reason.Unsupported]), f => f.Code is Reason.Corrupt or Reason.Unsupported),
            (new(two.Id, Reasons: [Reason.Corrupt]), f => f.Library == two.Id && f.Code == Reason.Corrupt),
            (new(Decoder: "v1"), f => f.DecoderVersion == "v1"),
            (new(Decoder: ""), f => f.DecoderVersion is null),
            (new(OtherThan: "v1"), f => f.DecoderVersion != "v1"),
            (new(Collection: collection), f => f.Library == two.Id),
            (new(Collection: new(archive.Item)), f => f == archive),
            (new(Image: new(image.Item)), f => f == image),
            (new(Collection: collection, Image: new(image.Item)), f => f == image),
            (new(Reasons: [Reason.Corrupt], Image: new(image.Item)), _ => false),
            (new(Ignored: true), _ => false),
            (new(Ignored: false), _ => true),
        ];
        foreach (var (query, selected) in questions)
        {
            for (var limit = 1; limit <= 8; limit++) Assert.Equal(all.Where(selected), await ListAsync(query, limit));
        }
        Assert.Equal(all.Where(f => f.Library == one.Id), await ListAsync(All, 3, Grants.Of([one.Id])));
        foreach (var cursor in new[] { "7", "!", Convert.ToBase64String("[]"u8), Convert.ToBase64String("{}"u8), Convert.ToBase64String("null"u8) })
            await Assert.ThrowsAsync<FormatException>(() => Store.Failures.ListAsync(Grants.All, All, cursor, 10, Cancellation));
    }

    [Fact]
    public async Task What_is_ignored_is_in_a_group_of_its_own_until_it_ends_well_or_its_original_changes()
    {
        var library = await Story.AddLibraryAsync();
        var tree = new Tree().With("sub", Story.Pictures(3));
        var derive = await Story.ScanAsync(library, tree);
        await FailOpenAsync(Outcome.Failed, Reason.Corrupt, "v1");
        var failures = await ListAsync(All);
        foreach (var failure in failures) Assert.Equal(1, await IgnoreAsync(new(Image: new(failure.Item))));
        Assert.Equal(0, await IgnoreAsync(All));
        Assert.Equal(0, await Store.Failures.IgnoreAsync(Grants.Of([]), All, false, Cancellation));
        Assert.Equal(new FailureGroup(library.Id, Handler.Derive, Reason.Corrupt, "v1", true, 3), Assert.Single(await Store.Failures.GroupsAsync(Grants.All, Cancellation)));
        Assert.All(await ListAsync(All), f => Assert.True(f.Ignored));
        Assert.All((await Store.Failures.ListAsync(Grants.All, new FailureQuery.OfJob(derive.Id), null, 10, Cancellation)).Items, f => Assert.True(f.Ignored));

        // The first changes, the second is made, the third fails again for another reason.
        await Story.ScanAsync(library, tree.With("sub", [new("00001.jpg", Stamp: 2), .. Story.Pictures(3).Skip(1)]));
        await FailOpenAsync(Outcome.Failed, Reason.Corrupt, "v1");
        var scope = new JobScope(library.Id, ["thumbnail"]);
        await Story.PlanAsync(scope, [new(await CollectionAsync(failures[1]), BatchClass.Normal, [failures[1].Item, failures[2].Item])]);
        var lease = await Story.MustLeaseAsync();
        await Story.CommitAsync(lease, Story.Done(lease, lease.Items[0], await Story.AddFolderAsync()),
            new ItemResult(failures[2].Item, Outcome.Failed, Reason.Timeout, DecoderVersion: "v2"));
        Assert.Equal(
            [(Reason.Corrupt, false), (Reason.Timeout, true)],
            (await Store.Failures.GroupsAsync(Grants.All, Cancellation)).Select(g => (g.Reason, g.Ignored)));
        Assert.Equal(1, await Store.Failures.IgnoreAsync(Grants.All, All, false, Cancellation));
        Assert.Empty(await ListAsync(new(Ignored: true)));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task A_container_is_ignored_until_it_can_be_read()
    {
        var library = await Story.AddLibraryAsync();
        await BreakAsync(await Story.StartScanAsync(library), new Tree().With("a.cbz", ContainerKind.Zip, 1));
        Assert.Equal(1, await IgnoreAsync(new(Kind: Handler.Scan)));
        Assert.True(Assert.Single(await ListAsync(All)).Ignored);
        await Story.AuditAsync();
        await Story.ScanAsync(library, new Tree().With("a.cbz", ContainerKind.Zip, 2));
        Assert.Empty(await ListAsync(All));
        await Story.AuditAsync();
    }

    [Fact]
    public async Task More_than_one_step_is_ignored_whole()
    {
        var library = await Story.AddLibraryAsync();
        await Story.ScanAsync(library, new Tree().With("sub", Story.Pictures(1100)));
        await FailOpenAsync(Outcome.Skipped, Reason.Unsupported, "v1");
        Assert.Equal(1100, await IgnoreAsync(All));
        Assert.Equal(1100, Assert.Single(await Store.Failures.GroupsAsync(Grants.All, Cancellation)).Count);
        await Story.AuditAsync();
    }

    [Fact]
    public async Task Another_version_with_the_same_judgement_moves_the_group()
    {
        var job = await Story.PlanOneBatchAsync(2);
        await FailOpenAsync(Outcome.Failed, Reason.Corrupt, "v1");
        await Story.PlanAsync(job.Scope, [await Story.WholeBatchAsync(job.Scope)]);
        await FailOpenAsync(Outcome.Failed, Reason.Corrupt, "v2");
        Assert.Equal(("v2", 2), (await Store.Failures.GroupsAsync(Grants.All, Cancellation)).Select(g => (g.Decoder, g.Count)).Single());
        await Story.AuditAsync();
    }

    /// <summary>One: a broken archive, two corrupt images and a missing one. Two: a corrupt one and two that are not supported.</summary>
    private async Task FillAsync(Library one, Library two)
    {
        var scan = await Story.StartScanAsync(one);
        await BreakAsync(scan, new Tree().With("a.cbz", ContainerKind.Zip, 1).With("sub", Story.Pictures(3)));
        await FailOpenAsync(Outcome.Failed, Reason.Corrupt, "v1", Reason.SourceMissing);
        await Story.ScanAsync(two, new Tree().With("sub", Story.Pictures(3)));
        await FailOpenAsync(Outcome.Skipped, Reason.Unsupported, "v2", Reason.Corrupt);
    }

    /// <summary>A scan in which no archive can be read.</summary>
    private async Task BreakAsync(Job scan, Tree tree)
    {
        var derive = await Story.ChildAsync(scan);
        await Store.Jobs.ControlAsync(derive.Id, new JobCommand.Hold(Holds.Window), Cancellation);
        while (await Story.LeaseAsync() is { } lease)
        {
            var broken = lease.Kind == ContainerKind.Zip ? Reason.ArchiveCorrupt : null;
            await Store.Libraries.ApplyAsync(lease, Story.Step(lease, tree) with { Reason = broken, Decoder = "v1" }, Cancellation);
            await Story.CommitAsync(lease, new ItemResult(lease.Items[0].Item, broken is null ? Outcome.Done : Outcome.Failed, broken, DecoderVersion: "v1"));
        }
        await Store.Jobs.ControlAsync(derive.Id, new JobCommand.Lift(Holds.Window), Cancellation);
    }

    /// <summary>What is open ends so, the first item for its own reason where one is given (of no decoder where it is no decoder's).</summary>
    private async Task FailOpenAsync(Outcome outcome, string reason, string decoder, string? first = null)
    {
        while (await Story.LeaseAsync() is { } lease)
        {
            await Story.CommitAsync(lease, [.. lease.Items.Select(i => new ItemResult(i.Item, outcome, reason, DecoderVersion: decoder) is var result && first is null
                ? result
                : result with { Outcome = Outcome.Failed, Reason = first, DecoderVersion = Reason.Of(first!).OfDecoder ? decoder : null })]);
            first = null;
        }
    }

    private async Task<CollectionId> CollectionAsync(JobFailure image) =>
        (await Store.Catalog.ImageAsync(Grants.All, new(image.Item), Cancellation))!.Summary.Collection;

    private Task<long> IgnoreAsync(FailureQuery.Standing selection) => Store.Failures.IgnoreAsync(Grants.All, selection, true, Cancellation);

    private async Task<List<JobFailure>> ListAsync(FailureQuery.Standing query, int limit = 200, Grants? grants = null)
    {
        var all = new List<JobFailure>();
        string? cursor = null;
        do
        {
            var page = await Store.Failures.ListAsync(grants ?? Grants.All, query, cursor, limit, Cancellation);
            Assert.True(page.Items.Count <= limit);
            all.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return all;
    }
}
