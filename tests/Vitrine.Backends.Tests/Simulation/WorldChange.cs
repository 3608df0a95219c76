using System.Globalization;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>Somebody puts, changes, copies or takes away originals.</summary>
internal static class WorldChange
{
    private static readonly string[] Places = ["", "a", "b.cbz", "c", "d.cbz"];

    public static void Fill(World world, Chance chance, Root root, int containers, int most)
    {
        foreach (var place in Places.Take(containers))
        {
            var container = At(world, root, place);
            for (var i = chance.Between(place.Length == 0 ? 0 : 1, most); i > 0; i--) Put(world, chance, container, NameOf(i), 0);
        }
    }

    public static void Make(World world, Chance chance, Scheduler scheduler, Trace trace)
    {
        var root = chance.Of([.. world.Roots.Values]);
        var place = chance.Of(Places);
        if (chance.Is(0.1) && place.Length > 0)
        {
            root.Containers.Remove(place);
            trace.Note("disk", $"{root.Path}/{place} is removed");
            return;
        }
        var container = At(world, root, place);
        // Files as young as this have to settle.
        var newest = chance.Is(0.3) ? scheduler.WallNow.ToUnixTimeMilliseconds() * 1_000_000 : 0;
        for (var changes = chance.Between(1, 4); changes > 0; changes--)
        {
            var name = container.Originals.Count > 0 && chance.Is(0.7) ? chance.Of([.. container.Originals.Keys]) : NameOf(chance.Next(20));
            if (chance.Is(0.25)) container.Originals.Remove(name);
            else Put(world, chance, container, name, newest);
            trace.Note("disk", $"{root.Path}/{place}/{name} is", container.Originals.GetValueOrDefault(name)?.Version);
        }
        container.Version = world.NewVersion();
    }

    public static void Rewrite(World world, Chance chance, Trace trace, string root, string place, string name)
    {
        if (world.Roots[root].Containers.GetValueOrDefault(place) is not { } container || container.Originals.GetValueOrDefault(name) is null) return;
        Put(world, chance, container, name, 0);
        container.Version = world.NewVersion();
        trace.Note("disk", $"{root}/{place}/{name} is written over");
    }

    private static Container At(World world, Root root, string place)
    {
        if (root.Containers.TryGetValue(place, out var there)) return there;
        var kind = place.EndsWith(".cbz", StringComparison.Ordinal) ? ContainerKind.Zip : ContainerKind.Directory;
        return root.Containers[place] = new(kind) { Version = world.NewVersion() };
    }

    private static void Put(World world, Chance chance, Container container, string name, long newest)
    {
        var copyOf = chance.Is(0.2) && container.Originals.Count > 0 ? chance.Of([.. container.Originals.Values]).Version.Stamp : (long?)null;
        var nature = chance.Next(20) switch { 0 => Nature.Corrupt, 1 => Nature.Deadly, 2 => Nature.SlowAtTimes, _ => Nature.Good };
        container.Originals[name] = world.NewOriginal(name, nature, newest, copyOf);
    }

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:D3}.jpg");
}
