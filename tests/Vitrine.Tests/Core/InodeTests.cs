using Vitrine.Core.Files;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Core;

/// <summary>An inode tells files apart only where it lasts.</summary>
public sealed class InodeTests
{
    [Theory]
    [InlineData(7, 7, true, true), InlineData(7, 8, true, false), InlineData(7, 8, false, true)]
    [InlineData(0, 8, true, true), InlineData(7, 0, true, true), InlineData(0, 0, true, true)]
    public void It_counts_where_both_have_one_and_the_mount_is_the_same(long recorded, long seen, bool sameMount, bool matches)
    {
        Assert.Equal(matches, new SourceVersion(5, 6, recorded).Matches(new(5, 6, seen), sameMount));
        Assert.False(new SourceVersion(5, 6, recorded).Matches(new(5, 7, seen), sameMount));
        Assert.False(new SourceVersion(5, 6, recorded).Matches(new(4, 6, seen), sameMount));
    }

    /// <summary>As linux/magic.h numbers them: ext4, XFS, Btrfs, NFS and tmpfs; FAT, exFAT, FUSE and SMB of two ages.</summary>
    [Theory]
    [InlineData(0xEF53, true), InlineData(0x58465342, true), InlineData(0x9123683E, true), InlineData(0x6969, true), InlineData(0x01021994, true)]
    [InlineData(0x4D44, false), InlineData(0x2011BAB0, false), InlineData(0x65735546, false), InlineData(0xFF534D42, false), InlineData(0xFE534D42, false)]
    public void Some_file_systems_number_their_files_anew(long fileSystem, bool last) => Assert.Equal(last, Inodes.DoLast(fileSystem));

    [Fact]
    public void What_is_recorded_has_none_where_it_does_not_last()
    {
        var state = new FileState(0x81a4, 5, 6, 7, Inode: 8, Names: 1);
        Assert.Equal((new SourceVersion(5, 6, 8), new SourceVersion(5, 6, 0)), (state.Recordable(inodesLast: true), state.Recordable(inodesLast: false)));
    }
}
