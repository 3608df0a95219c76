using System.Globalization;

namespace Vitrine.Backends.Tests.Simulation;

/// <summary>The machines: on each a node runs, and where it died another is started after a while.</summary>
internal sealed class Fleet(Surroundings around, int machines)
{
    private readonly SimulatedNode?[] _nodes = new SimulatedNode?[machines];
    private int _starts;

    public int Starts => _starts;

    public void Start()
    {
        for (var machine = 0; machine < machines; machine++) StartAt(machine);
        Look();
    }

    /// <summary>One node is killed, or has more or fewer workers from now on.</summary>
    public void ChangeOne()
    {
        var alive = _nodes.OfType<SimulatedNode>().Where(node => !node.Process.IsDead).ToList();
        if (alive.Count == 0) return;
        var node = around.Chance.Of(alive);
        if (around.Chance.Is(0.5)) Kill(node);
        else node.Process.Start(() => Task.FromResult(node.Live.Set(new(Workers: around.Chance.Between(1, 3)))));
    }

    /// <summary>Everything ends, and starts again after a night.</summary>
    public void OffForHours()
    {
        foreach (var node in _nodes.OfType<SimulatedNode>().Where(node => !node.Process.IsDead)) Kill(node);
        around.Trace.Note("machines", "are off for eight hours");
        around.Scheduler.Skip(TimeSpan.FromHours(8));
    }

    private void Look() => around.Outside.After(around.Chance.Time(0.2, 4), () =>
    {
        for (var machine = 0; machine < machines; machine++)
        {
            if (_nodes[machine]!.Process.IsDead) StartAt(machine);
        }
        Look();
    });

    private void StartAt(int machine)
    {
        _nodes[machine] = new(around, string.Create(CultureInfo.InvariantCulture, $"node{machine}.{++_starts}"));
        _nodes[machine]!.Start();
    }

    private void Kill(SimulatedNode node)
    {
        around.Trace.Note(node.Process.Name, "is killed");
        node.Process.Kill();
    }
}
