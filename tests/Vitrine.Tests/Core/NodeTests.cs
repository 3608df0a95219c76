using System.ComponentModel.DataAnnotations;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Core;

/// <summary>What ties libraries to nodes: labels, places of roots, and what is out of reach.</summary>
public sealed class NodeTests : IRootProbe
{
    private static readonly LibraryId One = new(1);
    private static readonly LibraryId Two = new(2);
    private static readonly MountIdentity Disk = new("/dev/sda1", "ext4");
    private static readonly MountIdentity Nas = new("nas:/photos", "nfs4");
    private MountIdentity _mount = Nas;
    private bool _empty;

    RootState IRootProbe.Probe(string root) => root == "/mnt/nas" ? new(true, _empty, _mount) : new(false, true, null);

    [Theory]
    [InlineData("", "", true)]
    [InlineData("nas", "", true)]
    [InlineData("", "nas", false)]
    [InlineData("nas;attic", "nas", true)]
    [InlineData("nas", "attic;nas", true)]
    [InlineData("nas", "attic", false)]
    public void A_library_with_labels_is_for_nodes_that_have_one_of_them(string node, string library, bool fits) =>
        Assert.Equal(fits, NodeLabels.Fit(NodeLabels.Parse(node), NodeLabels.Parse(library)));

    [Theory]
    [InlineData("/srv/photos=/mnt/nas", "/srv/photos", "/mnt/nas")]
    [InlineData("/a=/b; /srv/photos/ = /mnt/nas/", "/srv/photos", "/mnt/nas")]
    [InlineData("/srv/photos=/mnt/nas", "/mnt/nas", "/mnt/nas")]
    [InlineData("/srv/photos=/mnt/nas", "/srv/photos2", "/srv/photos2")]
    [InlineData("", "/srv/photos", "/srv/photos")]
    public void A_root_is_where_the_settings_say(string roots, string recorded, string here) => Assert.Equal(here, RootMap.Parse(roots)!.Here(recorded));

    [Theory]
    [InlineData("", "/srv/photos", nameof(NodeOptions.Roots))]
    [InlineData("", "/srv/photos=mnt", nameof(NodeOptions.Roots))]
    [InlineData("", "/a=/b;/a=/c", nameof(NodeOptions.Roots))]
    [InlineData("two words", "", nameof(NodeOptions.Labels))]
    [InlineData("nas;attic", "/a=/b", null)]
    public void Options_that_mean_nothing_are_refused_by_name(string labels, string roots, string? refused)
    {
        var options = new NodeOptions { Labels = labels, Roots = roots };
        var wrong = new List<ValidationResult>();
        Assert.Equal(refused is null, Validator.TryValidateObject(options, new(options), wrong, validateAllProperties: true));
        Assert.Equal(refused, wrong.FirstOrDefault()?.MemberNames.Single());
    }

    [Fact]
    public void Names_of_one_data_folder_begin_alike_and_no_two_starts_have_the_same()
    {
        var (first, second) = (Node.Of("attic", "1", new() { Labels = "nas" }), Node.Of("attic", "1", new()));
        Assert.NotEqual(first.Name, second.Name);
        Assert.Equal(("attic/", "attic/"), (first.Home, second.Home));
        Assert.Equal(["nas"], first.Labels);
    }

    /// <summary>Another machine sees the same originals by another way; one that sees something else there, or nothing, does not.</summary>
    [Fact]
    public void A_mount_that_was_confirmed_is_the_recorded_one_until_it_is_another()
    {
        var roots = new NodeRoots(this, RootMap.Parse("/srv/photos=/mnt/nas")!);
        var library = Library("/srv/photos");
        Assert.False(IsHealthy(roots, library));
        _empty = true;
        Assert.False(roots.MayConfirm(library)); // A mount point without its mount.
        _empty = false;
        Assert.True(roots.MayConfirm(library));
        roots.Confirm(library);
        Assert.True(IsHealthy(roots, library));
        Assert.True(roots.Probe("/mnt/nas").IsHealthy(Disk, hadContent: true));
        _mount = new("/dev/sdz1", "vfat");
        Assert.False(IsHealthy(roots, library));
        Assert.False(new NodeRoots(this, RootMap.Same).MayConfirm(Library("/mnt/nas"))); // Nobody has named it.
    }

    [Fact]
    public void What_another_node_works_on_is_left_to_it_and_what_nobody_reaches_is_held()
    {
        using var reach = new Reach();
        Assert.Equal(Holds.Root, reach.Lose(One));
        Assert.Empty(reach.Left); // Alone: it is leased, and its job held.

        reach.See(ReachView.Of([One, Two], [], [], [Other(workers: 2), Other(workers: 0)]));
        Assert.Equal(2, reach.WorkersElsewhere);
        Assert.Equal(Holds.None, reach.Lose(One));
        Assert.Equal([One], reach.Left);
        Assert.Equal([One], reach.Unable);

        reach.See(ReachView.Of([One, Two], [One], [], [Other(workers: 2, One), Other(workers: 0)]));
        Assert.Equal(Holds.Root, reach.Lose(One));
        Assert.Empty(reach.Left);
    }

    [Fact]
    public void What_is_for_other_labels_is_never_leased()
    {
        using var reach = new Reach();
        reach.See(ReachView.Of([One, Two], [], [Two], []));
        Assert.Equal([Two], reach.Left);
        Assert.Equal([Two], reach.Unable);
    }

    private static bool IsHealthy(NodeRoots roots, Library library) => roots.Probe(library.Root).IsHealthy(library.Mount, hadContent: true);

    private static Library Library(string root) => new(
        One, "photos", root, LibrarySettings.Default, Disk, new(0, 0, 0, 0, 0, 0, new Dictionary<string, DerivativeCount>()), default, null);

    private static LiveNode Other(int workers, params LibraryId[] unable) => new("other", default, default, workers, 0) { Unable = unable };
}
