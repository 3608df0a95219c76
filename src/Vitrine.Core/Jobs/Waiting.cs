namespace Vitrine.Core.Jobs;

/// <summary>Why a job waits: a stable code (docs/job-states.md), and until when where that is known.</summary>
public sealed record Wait(string Code, DateTimeOffset? Until = null)
{
    public const string Paused = "paused";
    public const string Window = "window";
    public const string LibraryOffline = "library-offline";
    public const string Folder = "folder";
    public const string Disk = "disk";
    public const string NoWorkers = "no-workers";
    public const string Planning = "planning";
    public const string RetryLater = "retry-later";
    public const string Yielding = "yielding";
    public const string Queued = "queued";
}

/// <summary>What waiting depends on beside the job itself.</summary>
/// <param name="LiveWorkers">Workers of all nodes that are alive and can work on the job's library.</param>
/// <param name="Yielding">Workers begin no batch, because somebody is looking.</param>
/// <param name="OpensAt">When the working hours begin again; null where they are open.</param>
public sealed record EngineState(int LiveWorkers, bool Yielding, DateTimeOffset? OpensAt);

/// <summary>Says why a job waits. Each cause moves it out by itself when it is over, but for <see cref="Wait.Paused"/>.</summary>
public static class Waiting
{
    /// <summary>Nothing where it is worked on or over; all its holds where it has any; else the one thing that it waits for.</summary>
    public static IReadOnlyList<Wait> For(Job job, EngineState engine)
    {
        if (job.IsOver) return [];
        if (job.Holds != Holds.None) return [.. OfHolds(job.Holds, engine)];
        return job.Work is { Leased: true } ? [] : [OfEngine(job, engine)];
    }

    private static IEnumerable<Wait> OfHolds(Holds holds, EngineState engine)
    {
        if (holds.HasFlag(Holds.User)) yield return new(Wait.Paused);
        if (holds.HasFlag(Holds.Window)) yield return new(Wait.Window, engine.OpensAt);
        if (holds.HasFlag(Holds.Root)) yield return new(Wait.LibraryOffline);
        if (holds.HasFlag(Holds.Folder)) yield return new(Wait.Folder);
        if (holds.HasFlag(Holds.Disk)) yield return new(Wait.Disk);
    }

    private static Wait OfEngine(Job job, EngineState engine) => job.Work switch
    {
        _ when engine.LiveWorkers == 0 => new(Wait.NoWorkers),
        { Ready: true } => new(engine.Yielding ? Wait.Yielding : Wait.Queued),
        { RetryAt: { } due } => new(Wait.RetryLater, due),
        _ => new(job.Planned ? Wait.Queued : Wait.Planning),
    };
}
