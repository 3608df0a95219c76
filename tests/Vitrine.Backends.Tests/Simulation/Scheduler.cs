namespace Vitrine.Backends.Tests.Simulation;

/// <summary>
/// One thread for all processes: of what is ready to go on, chance picks the next; when nothing is, time passes to the next timer. The wall clock
/// stands beside the monotonic one, and may jump.
/// </summary>
internal sealed class Scheduler(Chance chance)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<Work> _ready = [];
    private readonly PriorityQueue<(SimTimer Timer, int Change), (long Due, long Order)> _timers = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _order;

    /// <summary>Monotonic, in ticks.</summary>
    public long Now { get; private set; }

    public TimeSpan WallJump { get; set; }

    public DateTimeOffset WallNow => Start + TimeSpan.FromTicks(Now) + WallJump;

    public void Post(Process process, SendOrPostCallback call, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread) throw new InvalidOperationException("Something of a process went on on another thread.");
        _ready.Add(new(process, call, state, false));
    }

    public void Set(SimTimer timer, int change, long due) => _timers.Enqueue((timer, change), (due, ++_order));

    /// <summary>Time passes in which nothing runs.</summary>
    public void Skip(TimeSpan time) => Now += time.Ticks;

    /// <summary>Goes on with one piece of work. False: nothing will ever happen any more.</summary>
    public bool Step()
    {
        if (_ready.Count == 0 && !PassTime()) return false;
        var index = chance.Next(_ready.Count);
        var work = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        if (work.Process.IsDead) return true;
        if (work.Process.IsFrozen) work.Process.Parked.Add(work);
        else Run(work);
        return true;
    }

    public void Thaw(List<Work> parked)
    {
        _ready.AddRange(parked);
        parked.Clear();
    }

    /// <summary>A timer's own call has no context, as with a real clock: whoever waits for it is posted to where it belongs.</summary>
    private static void Run(Work work)
    {
        SynchronizationContext.SetSynchronizationContext(work.OfTimer ? null : work.Process);
        try
        {
            work.Call(work.State);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }

    private bool PassTime()
    {
        while (_ready.Count == 0)
        {
            if (!_timers.TryPeek(out _, out var first)) return false;
            Now = Math.Max(Now, first.Due);
            while (_timers.TryPeek(out var next, out var at) && at.Due <= Now)
            {
                _timers.Dequeue();
                if (next.Timer.IsSet(next.Change)) _ready.Add(new(next.Timer.Process, next.Timer.Fire, next.Change, true));
            }
        }
        return true;
    }
}

/// <summary>Something that can go on now.</summary>
internal readonly record struct Work(Process Process, SendOrPostCallback Call, object? State, bool OfTimer);
