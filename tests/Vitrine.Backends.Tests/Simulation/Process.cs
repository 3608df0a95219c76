namespace Vitrine.Backends.Tests.Simulation;

/// <summary>A process of the simulation: the context in which its code goes on, and its clock. One that is dead never goes on; one that is frozen goes on later.</summary>
internal sealed class Process : SynchronizationContext
{
    private readonly Scheduler _scheduler;

    public Process(Scheduler scheduler, string name) => (_scheduler, Name, Time) = (scheduler, name, new Clock(scheduler, this));

    public string Name { get; }
    public TimeProvider Time { get; }
    public bool IsDead { get; private set; }
    public bool IsFrozen { get; private set; }
    public List<Work> Parked { get; } = [];

    public void Kill() => IsDead = true;

    /// <param name="waker">The process whose clock ends it.</param>
    public void Freeze(TimeSpan duration, Process waker)
    {
        if (IsFrozen) return;
        IsFrozen = true;
        waker.After(duration, () =>
        {
            IsFrozen = false;
            _scheduler.Thaw(Parked);
        });
    }

    /// <summary>Runs the action in this process, after so long.</summary>
    public void After(TimeSpan delay, Action action) => Time.CreateTimer(_ => Post(_ => action(), null), null, delay, Timeout.InfiniteTimeSpan);

    /// <summary>Starts something in this process.</summary>
    public void Start(Func<Task> run) => Post(_ => run(), null);

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!IsDead) _scheduler.Post(this, d, state);
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();

    private sealed class Clock(Scheduler scheduler, Process process) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => scheduler.Now;

        public override DateTimeOffset GetUtcNow() => scheduler.WallNow;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new SimTimer(scheduler, process, () => callback(state));
            timer.Change(dueTime, period);
            return timer;
        }
    }
}

internal sealed class SimTimer(Scheduler scheduler, Process process, Action callback) : ITimer
{
    private TimeSpan _period;
    private int _change;
    private bool _set;

    public Process Process => process;

    public bool IsSet(int change) => _set && change == _change && !process.IsDead;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        (_set, _period) = (dueTime != Timeout.InfiniteTimeSpan, period);
        _change++;
        if (_set) scheduler.Set(this, _change, scheduler.Now + dueTime.Ticks);
        return true;
    }

    public void Fire(object? change)
    {
        if (!IsSet((int)change!)) return;
        _set = false;
        if (_period > TimeSpan.Zero) Change(_period, _period);
        callback();
    }

    public void Dispose() => (_set, _change) = (false, _change + 1);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
