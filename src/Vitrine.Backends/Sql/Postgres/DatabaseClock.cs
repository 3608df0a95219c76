namespace Vitrine.Backends.Sql.Postgres;

/// <summary>
/// The time of a process whose database is another machine's: the clock of the database as it was last seen, and what has passed since by this machine's
/// monotonic clock. So the clocks of nodes are compared nowhere, and a clock that is wrong or is set does not matter. Timers and timestamps are those of the inner provider.
/// </summary>
public sealed class DatabaseClock(TimeProvider inner) : TimeProvider
{
    /// <summary>What an answer takes on its way is no difference: the clock is not set for it.</summary>
    private static readonly TimeSpan Way = TimeSpan.FromMilliseconds(20);

    private Sight? _sight;

    public override TimeZoneInfo LocalTimeZone => inner.LocalTimeZone;
    public override long TimestampFrequency => inner.TimestampFrequency;

    /// <summary>This machine's clock until the database's was seen.</summary>
    public override DateTimeOffset GetUtcNow() => Volatile.Read(ref _sight) is { } sight ? sight.Now + inner.GetElapsedTime(sight.At) : inner.GetUtcNow();

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => inner.CreateTimer(callback, state, dueTime, period);

    /// <summary>The database has said what time it is.</summary>
    public void Seen(DateTimeOffset now)
    {
        if (Volatile.Read(ref _sight) is not null && (now - GetUtcNow()).Duration() < Way) return;
        Volatile.Write(ref _sight, new(now, inner.GetTimestamp()));
    }

    private sealed record Sight(DateTimeOffset Now, long At);
}
