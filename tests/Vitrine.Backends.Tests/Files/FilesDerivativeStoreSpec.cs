using Vitrine.Backends.Files;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Core.Derivatives;

namespace Vitrine.Backends.Tests.Files;

public sealed class FilesDerivativeStoreSpec : DerivativeStoreSpec
{
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-files-").FullName;

    protected override IDerivativeStore Store { get; } = new FileDerivativeStore();
    protected override string Folder => Path.Combine(_root, "cache");

    public override void Dispose()
    {
        Directory.Delete(_root, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_folder_with_files_of_others_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "letter.txt"), "mine");
        Assert.Equal("not-empty", Assert.Throws<CacheFolderException>(() => Store.Create(Folder, Guid.NewGuid())).Code);
        Assert.False(Store.Delete(Folder, "letter.txt"));
        Assert.True(File.Exists(Path.Combine(Folder, "letter.txt")));
    }

    [Fact]
    public async Task Without_its_marker_nothing_is_written()
    {
        var marker = Guid.NewGuid();
        Store.Create(Folder, marker);
        File.Delete(Path.Combine(Folder, FileDerivativeStore.MarkerName));
        Assert.Equal(FolderFault.NotOurs, Store.Probe(Folder, marker).Fault);
        await Assert.ThrowsAsync<IOException>(() => Store.StageAsync(Folder, new(1), "a/b", new byte[] { 1 }, TestContext.Current.CancellationToken));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
    }

    [Fact]
    public async Task Links_within_are_neither_followed_nor_listed_nor_emptied()
    {
        var outside = Directory.CreateDirectory(Path.Combine(_root, "outside")).FullName;
        File.WriteAllText(Path.Combine(outside, "original.jpg"), "theirs");
        Store.Create(Folder, Guid.NewGuid());
        using (await Store.StageAsync(Folder, new(7), "k", new byte[] { 1 }, TestContext.Current.CancellationToken))
        {
            Directory.CreateSymbolicLink(Path.Combine(Folder, "tmp", "7", "link"), outside);
            Directory.CreateSymbolicLink(Path.Combine(Folder, "ab"), outside);
            Assert.Equal(["tmp/7/k"], Store.Files(Folder).Select(f => f.Name));
            Store.DropStaged(Folder, new(7));
        }
        Assert.True(File.Exists(Path.Combine(outside, "original.jpg")));
        Assert.Throws<CacheFolderException>(() => Store.Delete(Folder, "ab/original.jpg"));
    }
}
