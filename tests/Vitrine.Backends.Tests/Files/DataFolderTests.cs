using Vitrine.Backends.Files;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Files;

public sealed class DataFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-data-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_data_folder_has_one_owner_and_the_second_is_told_who()
    {
        using (var owner = DataFolderLock.Take(_root))
        {
            owner.Describe("http://127.0.0.1:8190");
            var refused = Assert.Throws<DataFolderException>(() => DataFolderLock.Take(_root));
            Assert.Equal("in-use", refused.Code);
            Assert.Contains($"process {Environment.ProcessId} at http://127.0.0.1:8190", refused.Message, StringComparison.Ordinal);
        }
        DataFolderLock.Take(_root).Dispose();
    }

    [Fact]
    public void The_innermost_mount_counts_and_the_last_of_those_on_one_point()
    {
        string[] info =
        [
            "21 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw",
            "30 21 0:40 / /media/my\\040pictures rw shared:5 master:1 - nfs4 nas:/export rw,vers=4.2",
            "31 21 8:2 /@home /home rw - btrfs /dev/sdb rw",
            "32 21 8:3 / /home rw - xfs /dev/sdc rw",
            "broken",
        ];
        Assert.Equal(new MountIdentity("nas:/export", "nfs4"), Mounts.Of("/media/my pictures/2020", info));
        Assert.Equal(new MountIdentity("/dev/sda1", "ext4"), Mounts.Of("/media/my pictures 2", info));
        Assert.Equal(new MountIdentity("/dev/sdc", "xfs"), Mounts.Of("/home", info));
        Assert.Equal(new MountIdentity("/dev/sdb[/@home]", "btrfs"), Mounts.Of("/home/ana", info.Take(3)));
        Assert.True(new MountIdentity("nas:/export", "nfs4").IsNetwork && !new MountIdentity("/dev/sda1", "ext4").IsNetwork);
        Assert.NotEqual("", Mounts.Of(_root).FileSystemType);
    }
}
