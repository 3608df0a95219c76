namespace Vitrine.Core.Jobs;

public enum StaleVerdict
{
    /// <summary>Within one timeout (exactly at it included), or resumed in this timeout already.</summary>
    Leave,

    /// <summary>Over one timeout: its leases without an outcome for a timeout are freed.</summary>
    Resume,

    /// <summary>Over three timeouts: it has failed.</summary>
    GiveUp,
}

/// <summary>
/// When a job is stale. Its clock runs only while it is served or could be, and measures from the later of its last progress and the time since when
/// it is served; so a job that waits is never stale, and one that is resumed each time and never works is given up all the same.
/// </summary>
public static class Staleness
{
    /// <summary>Timeouts after which a job is given up.</summary>
    public const int Timeouts = 3;

    /// <param name="idle">Time on the job's stale clock.</param>
    /// <param name="sinceResumed">Since it was last resumed because of this; null where it never was.</param>
    public static StaleVerdict Judge(TimeSpan idle, TimeSpan? sinceResumed, TimeSpan timeout)
    {
        if (idle > Timeouts * timeout) return StaleVerdict.GiveUp;
        if (idle <= timeout) return StaleVerdict.Leave;

        // A resume of an earlier standstill does not count for this one.
        var resumed = sinceResumed is { } since && since < idle && since < timeout;
        return resumed ? StaleVerdict.Leave : StaleVerdict.Resume;
    }

    /// <summary>For people; names the time after which a job is given up.</summary>
    public static string Message(TimeSpan timeout) => FormattableString.Invariant(
        $"no progress for more than {(Timeouts * timeout).TotalMinutes:0.##} minutes ({Timeouts} timeouts of {timeout.TotalMinutes:0.##})");
}
