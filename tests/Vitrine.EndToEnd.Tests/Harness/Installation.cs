using System.Runtime.InteropServices;

namespace Vitrine.EndToEnd.Harness;

/// <summary>Where the built programs stand.</summary>
internal static class Installation
{
    public static string Root { get; } = FindRoot();

    public static string Program { get; } = Built("program/vitrine");

    public static string Decoder { get; } = Built("program/decoder/Vitrine.Decoder");

    /// <summary>The same, compiled when it runs: the runtime changes it at its start when it is told to, as <see cref="WrongClock"/> needs.</summary>
    public static string ManagedProgram { get; } = Built("bin/Vitrine.Server/release/vitrine");

    public static string FaultyDecoder { get; } = Built("bin/Vitrine.FaultyDecoder/release_linux-x64/Vitrine.FaultyDecoder");

    /// <summary>Gives a program a clock of <c>CLOCK_AHEAD_SECONDS</c>.</summary>
    public static string WrongClock { get; } = Built("bin/Vitrine.WrongClock/release/Vitrine.WrongClock.dll");

    public static bool IsLong => Environment.GetEnvironmentVariable("VITRINE_LONG") is not (null or "" or "0");

    /// <summary>Of the runtime that runs the tests: the programs are built for the same one.</summary>
    public static string DotnetRoot => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    /// <summary>The pictures and hostile files for tests, where they are.</summary>
    public static string? Corpus { get; } = Environment.GetEnvironmentVariable("VITRINE_CORPUS") is { Length: > 0 } named
        ? Existing(named)
        : Existing(Path.Combine(Root, "../shared/corpus"));

    private static string Built(string path) => Path.Combine(Root, "artifacts", path);

    private static string? Existing(string path) => Directory.Exists(path) ? Path.GetFullPath(path) : null;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Vitrine.slnx"))) return folder.FullName;
        }
        throw new InvalidOperationException("The tests do not stand below the folder of Vitrine.slnx.");
    }
}
