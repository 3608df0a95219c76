namespace Vitrine.Core.Jobs;

/// <summary>What every worker of this node asks before it takes a batch.</summary>
public sealed class WorkGate(LiveOptions live, Viewing viewing, Workforce workforce, Reach reach, TimeProvider time)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    public Workforce Workforce => workforce;

    /// <summary>Libraries whose batches are left to other nodes.</summary>
    public IReadOnlyCollection<LibraryId> Left => reach.Left;

    /// <summary>
    /// Whether a batch of this class may be begun now. Jobs wait for working hours by their hold; this keeps one that was just added, and has none yet,
    /// from being done before it is seen.
    /// </summary>
    public bool Admits(BatchClass @class) => @class == BatchClass.Viewing || live.Current.HoursIn(time.LocalTimeZone).IsOpen(time.GetUtcNow());

    /// <summary>Waits as long as <see cref="YieldRule"/> says.</summary>
    public async Task PassAsync(CancellationToken cancellation)
    {
        var since = time.GetTimestamp();
        if (!MustYield(since)) return;
        workforce.CountYielding(1);
        try
        {
            while (MustYield(since)) await Task.Delay(LookAgain, time, cancellation);
        }
        finally
        {
            workforce.CountYielding(-1);
        }
    }

    private bool MustYield(long since) => YieldRule.MustWait(live.Current, viewing.Quiet, time.GetElapsedTime(since));
}
