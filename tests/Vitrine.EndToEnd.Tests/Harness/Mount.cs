using System.Diagnostics;

namespace Vitrine.EndToEnd.Harness;

/// <summary>A small file system in memory, mounted for one test.</summary>
internal sealed class Mount : IDisposable
{
    private readonly string _folder;

    private Mount(string folder) => _folder = folder;

    public static Mount Disk(string folder, int megabytes)
    {
        Directory.CreateDirectory(folder);
        var code = Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=700", "vitrine-e2e", folder);
        Assert.SkipWhen(code != 0, "This user may not mount a small disk (root is needed).");
        return new(folder);
    }

    public void MakeReadOnly() => Assert.Equal(0, Run("mount", "-o", "remount,ro", _folder));

    public void Dispose() => Run("umount", "-l", _folder);

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
