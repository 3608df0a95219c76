using System.Globalization;
using System.Runtime.InteropServices;

namespace Vitrine.EndToEnd.Harness;

/// <summary>A process as /proc shows it. Ids come again; an id with its start time does not.</summary>
internal readonly record struct Seen(int Id, long StartTime, string Name);

/// <summary>What runs, read from /proc, and signals to what we started.</summary>
internal static partial class Processes
{
    public const int Interrupt = 2;
    public const int KillSignal = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>Of the times in /proc, on every Linux.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Children, their children and so on; those of a process that has ended are gone from its tree.</summary>
    public static IReadOnlyList<Seen> Below(int id)
    {
        var all = Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path)).Where(name => char.IsAsciiDigit(name[0]))
            .Select(name => Read(int.Parse(name, CultureInfo.InvariantCulture))).OfType<(Seen Process, int Parent)>().ToLookup(found => found.Parent, found => found.Process);
        var below = new List<Seen>();
        for (var open = new Queue<int>([id]); open.TryDequeue(out var parent);)
        {
            foreach (var child in all[parent])
            {
                below.Add(child);
                open.Enqueue(child.Id);
            }
        }
        return below;
    }

    public static bool IsAlive(Seen process) => Read(process.Id) is { } now && now.Process.StartTime == process.StartTime;

    /// <param name="id">Negative: the process group of that leader.</param>
    public static void Signal(int id, int signal) => _ = Kill(id, signal);

    public static void End(Seen process)
    {
        if (IsAlive(process)) Signal(process.Id, KillSignal);
    }

    /// <summary>Processor time of a process's threads that live, by their names, in hundredths of a second.</summary>
    public static Dictionary<string, long> Ticks(int id) => Directory.EnumerateDirectories($"/proc/{id}/task")
        .Select(task => (Name: File.ReadAllText(task + "/comm").Trim(), Times: File.ReadAllText(task + "/stat").Split(") ")[^1].Split(' ')))
        .GroupBy(thread => thread.Name, thread => long.Parse(thread.Times[11], CultureInfo.InvariantCulture) + long.Parse(thread.Times[12], CultureInfo.InvariantCulture))
        .ToDictionary(named => named.Key, named => named.Sum());

    /// <summary>A line of /proc/ID/status or smaps_rollup, in bytes.</summary>
    public static long Bytes(int id, string file, string name)
    {
        var line = File.ReadLines($"/proc/{id}/{file}").First(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return 1024 * long.Parse(line[(name.Length + 1)..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }

    /// <summary>Proportional set size of a process and all below it; one that ends meanwhile counts nothing.</summary>
    public static long ProportionalBytes(int id) => Below(id).Select(child => child.Id).Append(id).Sum(ProportionalBytesOfOne);

    private static long ProportionalBytesOfOne(int id)
    {
        try
        {
            return Bytes(id, "smaps_rollup", "Pss");
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>What a process and all below it have used so far, with those that have ended and were waited for.</summary>
    public static double ProcessorSeconds(int id) => Below(id).Select(child => child.Id).Append(id).Sum(TicksOf) / TicksPerSecond;

    private static double TicksOf(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ')[11..15].Sum(ticks => double.Parse(ticks, CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Null where it has ended, also when nobody has waited for it yet.</summary>
    private static (Seen Process, int Parent)? Read(int id)
    {
        try
        {
            // "id (name) state parent …"; the name may hold blanks and brackets.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var end = text.LastIndexOf(')');
            var rest = text[(end + 2)..].Split(' ');
            if (rest[0] is "Z" or "X") return null;
            var name = text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..end];
            return (new(id, long.Parse(rest[19], CultureInfo.InvariantCulture), name), int.Parse(rest[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int id, int signal);
}
