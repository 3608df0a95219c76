namespace Vitrine.Core.Jobs;

/// <summary>
/// Which failed items the same job tries again by itself, and when: those whose reason may pass (a slow or unreadable source, a crash), never those
/// that end the same each time (a corrupt file). The pauses grow fourfold.
/// </summary>
/// <param name="Attempts">Tries of one item at most, the first included.</param>
/// <param name="First">Pause before the second try.</param>
public sealed record RetryPolicy(int Attempts, TimeSpan First)
{
    private const int Growth = 4;

    public static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    public static RetryPolicy Of(EngineOptions options) => new(options.Attempts, TimeSpan.FromSeconds(options.RetrySeconds));

    /// <summary>The pause before the next try; null where this try was the last.</summary>
    /// <param name="tries">Tries so far, 1 or more.</param>
    public TimeSpan? PauseAfter(string? reason, int tries)
    {
        if (reason is null || tries >= Attempts || !Reason.Of(reason).Transient) return null;
        var pause = First.TotalSeconds * Math.Pow(Growth, tries - 1);
        return pause < LongestPause.TotalSeconds ? TimeSpan.FromSeconds(pause) : LongestPause;
    }

    /// <summary>The result as it is handed in: a failure that is tried again stays open.</summary>
    public ItemResult Apply(ItemResult result) =>
        result.Outcome == Outcome.Failed ? result with { RetryAfter = PauseAfter(result.Reason, result.Attempts) } : result;
}
