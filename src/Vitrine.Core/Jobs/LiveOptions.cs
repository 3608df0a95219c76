namespace Vitrine.Core.Jobs;

/// <summary>The engine's options as they are now: those of the start, and over them what was set since. Read them anew at each use.</summary>
public sealed class LiveOptions(EngineOptions configured) : IDisposable
{
    private volatile Setting _now = new(new(), configured);

    /// <summary>From the defaults, the file, the environment and the command line.</summary>
    public EngineOptions Configured { get; } = configured;

    /// <summary>Set while the engine runs.</summary>
    public TuningValues Stored => _now.Stored;

    public EngineOptions Current => _now.Current;

    /// <summary>Rung at a change, for the pool of workers.</summary>
    public Pulse Changed { get; } = new();

    /// <summary>False: they cannot be used, and nothing changes.</summary>
    public bool Set(TuningValues stored)
    {
        var current = stored.Over(Configured);
        if (current.Wrong() is not null) return false;
        var changed = current != Current;
        _now = new(stored, current);
        if (changed) Changed.Ring();
        return true;
    }

    public void Dispose() => Changed.Dispose();

    private sealed record Setting(TuningValues Stored, EngineOptions Current);
}
