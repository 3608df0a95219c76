using Microsoft.Extensions.Logging;

namespace Vitrine.Core.Jobs;

/// <summary>
/// What the whole store needs done, and one node does at a time: a lock says who. Each step runs within the lock's grant, and the store looks at that in the
/// transaction of every write of it: a node that was stopped in the middle, and wakes when another one has the duty, writes nothing.
/// </summary>
public sealed partial class Duty(string name, TimeSpan life, ILockStore locks, DutySettings settings)
{
    private static readonly AsyncLocal<Holding?> Flowing = new();

    private LockGrant? _grant;
    private long? _askedAt;

    /// <summary>The grant under which the caller writes; null where its writes are fenced by something else, or need no fence. Every store refuses a write under one that is over.</summary>
    public static LockGrant? Held => Flowing.Value is { IsOver: false } holding ? holding.Grant : null;

    /// <summary>All that the caller's flow writes is fenced by the grant, until the answer is disposed: what goes on behind it is no part of it.</summary>
    public static IDisposable Hold(LockGrant grant) => Flowing.Value = new Holding(grant);

    /// <summary>Runs the step where this node has the duty, or gets it. False where another one has it.</summary>
    /// <exception cref="DutyLostException">Another node took it meanwhile: the step's last write was refused.</exception>
    public async Task<bool> RunAsync(Func<CancellationToken, Task<bool>> step, CancellationToken cancellation)
    {
        if (await TakeAsync(cancellation) is not { } grant) return false;
        try
        {
            using (Hold(grant)) return await step(cancellation);
        }
        catch (DutyLostException)
        {
            _grant = null;
            throw;
        }
    }

    /// <summary>For the next node, at once.</summary>
    public async Task ReleaseAsync(CancellationToken cancellation)
    {
        if (_grant is { } grant) await locks.ReleaseAsync(grant, cancellation);
        (_grant, _askedAt) = (null, null);
    }

    /// <summary>An answer is good for a third of the lock's time: a loop that is woken for each batch asks no more often, whether it has the duty or not.</summary>
    private async Task<LockGrant?> TakeAsync(CancellationToken cancellation)
    {
        if (_askedAt is { } asked && settings.Time.GetElapsedTime(asked) < life / 3) return _grant;
        var now = settings.Time.GetTimestamp();
        var former = _grant;
        _grant = await locks.AcquireAsync($"duty/{name}", settings.Node.Name, life, cancellation);
        _askedAt = now;
        if (former?.Token != _grant?.Token) LogChanged(settings.Logger, name, _grant is not null);
        return _grant;
    }

    [LoggerMessage(140, LogLevel.Debug, "Duty {Duty} is this node's: {Held}.")]
    private static partial void LogChanged(ILogger logger, string duty, bool held);

    private sealed class Holding(LockGrant grant) : IDisposable
    {
        private volatile bool _isOver;

        public LockGrant Grant => grant;

        public bool IsOver => _isOver;

        public void Dispose() => _isOver = true;
    }
}

/// <summary>A write of a duty came after another node took it. Nothing was written.</summary>
public sealed class DutyLostException(string duty) : Exception($"{duty} is another node's now.");

/// <summary>What a duty needs beside its lock.</summary>
public sealed record DutySettings(Node Node, TimeProvider Time, ILogger<Duty> Logger);

/// <summary>Makes duties of loops.</summary>
public sealed class Duties(ILockStore locks, EngineOptions options, DutySettings settings)
{
    /// <summary>Its steps run on one node at a time. Locks last as long as leases do; those of loops with a longer period, so long that they stay where they are.</summary>
    public T Give<T>(T loop) where T : PeriodicService
    {
        loop.Duty = Open(typeof(T).Name, loop.Pause);
        return loop;
    }

    /// <summary>One that a loop asks for itself.</summary>
    /// <param name="period">So often it is asked for.</param>
    public Duty Open(string name, TimeSpan period)
    {
        var lease = TimeSpan.FromSeconds(options.LeaseSeconds);
        return new(name, lease > 2 * period ? lease : 2 * period, locks, settings);
    }
}
