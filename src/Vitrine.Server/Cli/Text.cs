using System.Globalization;
using Vitrine.Core.Jobs;
using Vitrine.Server.Jobs;
using Vitrine.Server.Libraries;

namespace Vitrine.Server.Cli;

/// <summary>Numbers and causes for people.</summary>
internal static class Text
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    public static string Bytes(long bytes)
    {
        double value = bytes;
        var unit = 0;
        for (; value >= 1024 && unit < Units.Length - 1; unit++) value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {Units[unit]}");
    }

    /// <summary>A name of a stranger's file, without what a terminal would take for a command.</summary>
    public static string Name(string name) => string.Concat(name.Select(letter =>
        char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? '\uFFFD' : letter));

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>What holds a job.</summary>
    public static string Of(IReadOnlyList<HoldShape> holds) => string.Join(", ", holds.Select(hold => hold switch
    {
        HoldShape.User => "somebody paused it",
        HoldShape.Window => "outside its time window",
        HoldShape.Folder => "no cache folder takes pictures (full, below its floor of free space, or read-only)",
        HoldShape.Root => "the library's folder is missing, suddenly empty or on another mount",
        _ => "a disk answered with an error while writing",
    }));

    /// <summary>What a scan has held.</summary>
    public static string Of(HeldChangeShape held) =>
        $"{held.Removed} images are gone and {held.Redone} are others now, since {Time(held.Since)} (scan {held.ScanId}), which waits for approval";

    /// <summary>Why a job waits.</summary>
    public static string Of(WaitShape wait) => (wait.Code switch
    {
        Wait.Paused => Of([HoldShape.User]),
        Wait.Window => Of([HoldShape.Window]),
        Wait.Folder => Of([HoldShape.Folder]),
        Wait.LibraryOffline => Of([HoldShape.Root]),
        Wait.Disk => Of([HoldShape.Disk]),
        Wait.NoWorkers => "no worker is alive: start 'vitrine serve'",
        Wait.Planning => "what it has to do is being found",
        Wait.RetryLater => "what failed is tried again",
        Wait.Yielding => "somebody is looking at pictures",
        Wait.Queued => "other work is before it",
        _ => wait.Code,
    }) + (wait.Until is { } until ? $" at {Time(until)}" : "");
}
