namespace Vitrine.Core.Users;

/// <summary>When signing in is refused for a while: <see cref="Attempts"/> wrong passwords within <see cref="Window"/> lock for the same time.</summary>
public sealed record LockOut(int Attempts, TimeSpan Window)
{
    public static bool IsLocked(User user, DateTimeOffset now) => user.LockedUntil > now;

    /// <summary>What to record after one more wrong password. Failures older than the window are forgotten.</summary>
    public Attempt AfterFailure(Credentials before, DateTimeOffset now)
    {
        var fresh = before.FirstFailedAt is { } first && now - first < Window && before.FailedAttempts > 0;
        var failures = fresh ? before.FailedAttempts + 1 : 1;
        return failures >= Attempts
            ? new(0, null, now + Window)
            : new(failures, fresh ? before.FirstFailedAt : now, null);
    }
}

public readonly record struct Attempt(int Failures, DateTimeOffset? FirstFailedAt, DateTimeOffset? LockedUntil);
