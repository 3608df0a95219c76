namespace Vitrine.Core.Alerts;

public enum AlertSeverity { Info, Warning, Error }

/// <summary>Something that a person should know of, once for its code and subject, however often and on however many nodes it is seen.</summary>
/// <param name="Code">Stable: one of <see cref="AlertCode"/>.</param>
/// <param name="Subject">What it is about, such as <c>job/12</c>; empty where it is about all.</param>
/// <param name="Raised">How often; a job's failures raise it at every step.</param>
/// <param name="ClearedAt">Its cause is gone. Left when it is raised again.</param>
/// <param name="DismissedAt">Somebody has read it. Left when it is raised again.</param>
/// <param name="Library">Whose it is: nobody without a grant on it learns of the alert. Null where it is about no library.</param>
/// <param name="Path">Where on the server; for Admins alone.</param>
public sealed record Alert(
    AlertId Id, string Code, string Subject, AlertSeverity Severity, string Message, long Raised, DateTimeOffset FirstAt, DateTimeOffset LastAt,
    DateTimeOffset? ClearedAt, DateTimeOffset? DismissedAt, LibraryId? Library = null, string? Path = null)
{
    public bool IsOpen => ClearedAt is null && DismissedAt is null;
}

/// <param name="Message">For people: one sentence, without a path of the server.</param>
/// <param name="Library">Of which it tells; null: of none.</param>
/// <param name="Path">What it is about on the server, for Admins and the log.</param>
public sealed record NewAlert(string Code, string Subject, AlertSeverity Severity, string Message, LibraryId? Library = null, string? Path = null);

public static class AlertCode
{
    /// <summary>A job has ten more failed items.</summary>
    public const string JobFailures = "job-failures";

    /// <summary>A scan found more gone or changed than it may apply without asking.</summary>
    public const string Brake = "brake";

    /// <summary>Jobs wait, and no node that is alive has workers, or none of those may work on the library.</summary>
    public const string NoWorkers = "no-workers";

    /// <summary>Fewer than 80% of the pictures asked for in the last hours were ready, of those that had been.</summary>
    public const string LowHitRate = "low-hit-rate";

    /// <summary>More than 90% of what the cache folders may hold is used.</summary>
    public const string StorageNearlyFull = "storage-nearly-full";

    /// <summary>An original of a library reads otherwise than before, at the same size and time.</summary>
    public const string OriginalDamaged = "original-damaged";

    /// <summary>Items were refused for want of memory, or decoders ended for it.</summary>
    public const string DecoderMemory = "decoder-memory";

    /// <summary>A cache folder is not there: unplugged, unmounted, renamed. What is in it cannot be served, and nothing is written to it.</summary>
    public const string FolderMissing = "cache-folder-missing";

    /// <summary>A cache folder has no marker, or that of another folder or installation.</summary>
    public const string FolderNotOurs = "cache-folder-not-ours";

    /// <summary>A cache folder cannot be written.</summary>
    public const string FolderReadOnly = "cache-folder-read-only";

    /// <summary>The disk of a cache folder, or its quota, is full.</summary>
    public const string FolderDiskFull = "cache-folder-disk-full";

    /// <summary>The disk of a cache folder answers with errors.</summary>
    public const string FolderFailing = "cache-folder-failing";

    /// <summary>The disk of a cache folder has less free than the folder's floor.</summary>
    public const string FolderBelowFloor = "cache-folder-below-floor";

    /// <summary>Presets larger than thumbnails were not made, since no folder had room for them.</summary>
    public const string NoRoom = "cache-no-room";

    /// <summary>A name or a link would have led out of a library or a cache folder, and was refused.</summary>
    public const string PathRefused = "path-refused";

    /// <summary>A folder is drained, and the others have no room for what is in it.</summary>
    public const string DrainWaits = "cache-drain-waits";
}

/// <summary>What is said of an original that could be read once and reads otherwise now, though nothing says that it was changed.</summary>
public static class OriginalDamagedAlert
{
    public static NewAlert For(LibraryId library, ImageId image) => new(
        AlertCode.OriginalDamaged, $"library/{library}", AlertSeverity.Warning,
        $"The original of image {image} reads otherwise than when it was recorded, though its size and time are the same: it may be damaged. What was made of it is kept.", library);
}

/// <summary>How a held change is told. Pure.</summary>
public static class BrakeAlert
{
    public static string SubjectOf(LibraryId library) => $"library/{library}";

    public static string Text(long removed, long redone) =>
        $"{removed} images are gone and {redone} are others now. Nothing of that is applied before somebody approves it.";

    public static NewAlert For(LibraryId library, string name, long removed, long redone) =>
        new(AlertCode.Brake, SubjectOf(library), AlertSeverity.Warning, $"Library '{name}': {Text(removed, redone)}", library);
}

/// <summary>When and how a job's failures are an alert: at every ten. Pure.</summary>
public static class JobFailureAlert
{
    public const int Step = 10;

    /// <summary>Multiples of <see cref="Step"/> above <paramref name="before"/>, up to <paramref name="after"/>.</summary>
    public static long StepsPassed(long before, long after) => (after / Step) - (before / Step);

    /// <param name="library">The job's.</param>
    public static NewAlert For(JobId job, LibraryId library, long failed) =>
        new(AlertCode.JobFailures, $"job/{job}", AlertSeverity.Warning, $"{failed} items of job {job} have failed.", library);
}
