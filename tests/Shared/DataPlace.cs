namespace Vitrine.Tests.Shared;

/// <summary>
/// Where databases and data folders of tests stand: in VITRINE_TEST_DATA, or beside all else that is temporary. <c>./test</c> keeps them in memory, since on a disk
/// a sixth of the time of these tests is making and deleting their files; <c>./test long</c> keeps them on the disk.
/// </summary>
public static class DataPlace
{
    private static readonly string Root = Environment.GetEnvironmentVariable("VITRINE_TEST_DATA") is { Length: > 0 } given ? given : Path.GetTempPath();

    /// <summary>A path that nobody else has, of which nothing is there yet.</summary>
    public static string Name(string prefix) => Path.Combine(Root, $"{prefix}{Guid.NewGuid().ToString("N")[..10]}");

    /// <summary>An empty folder for whoever runs this alone.</summary>
    public static string Make(string prefix) => Directory.CreateDirectory(Name(prefix), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
}
