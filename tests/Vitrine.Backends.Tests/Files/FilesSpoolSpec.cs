using Vitrine.Backends.Files;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Core;
using Vitrine.Core.Decoding.Spooling;

namespace Vitrine.Backends.Tests.Files;

public sealed class FilesSpoolSpec : SpoolSpec
{
    private readonly string _root = Directory.CreateTempSubdirectory("vitrine-spool-").FullName;
    private readonly Telemetry _telemetry = new();

    public FilesSpoolSpec() => Spool = Open();

    protected override ISpool Spool { get; }

    private string Folder => Path.Combine(_root, "spool");

    public override void Dispose()
    {
        _telemetry.Dispose();
        Directory.Delete(_root, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void What_a_former_process_left_is_deleted_and_nothing_else()
    {
        Put(1);
        File.WriteAllText(Path.Combine(Folder, "7.part"), "torn");
        File.WriteAllText(Path.Combine(Folder, "letter.txt"), "mine");

        Assert.Null(Open().Find(Key(1)));
        Assert.Equal(["letter.txt"], Directory.EnumerateFiles(Folder).Select(Path.GetFileName));
    }

    [Fact]
    public void On_the_disk_are_its_files_alone_and_what_leaves_is_counted()
    {
        for (var page = 1; page <= 5; page++) Put(page);
        Assert.Equal(80, Directory.EnumerateFiles(Folder).Sum(file => new FileInfo(file).Length));
        Assert.Equal(3, _telemetry.SpoolEvictions.Value);
    }

    [Fact]
    public void A_disk_that_refuses_a_file_costs_no_room()
    {
        var away = Folder + "-away";
        Directory.Move(Folder, away);
        for (var page = 1; page <= 3; page++) Assert.ThrowsAny<IOException>(() => Spool.Begin(Key(page), 40));
        Directory.Move(away, Folder);

        using var writing = Spool.Begin(Key(1), 100);
        Assert.NotNull(writing);
    }

    private FileSpool Open() => new(Folder, 100, _telemetry);
}
