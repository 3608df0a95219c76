using System.ComponentModel.DataAnnotations;
using Vitrine.Core.Schedules;
using Vitrine.Core.Settings;

namespace Vitrine.Core.Jobs;

/// <summary>How a node works. Every duration is a number with its unit in the name.</summary>
public sealed record EngineOptions : IValidatableObject
{
    /// <summary>Loops that lease batches; 0 = one per core.</summary>
    [Range(0, 256)]
    public int Workers { get; init; }

    /// <summary>Whether this node plans, dispatches and works.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Whether this node has workers. One without plans, dispatches and makes what somebody looks at, and leaves jobs to other nodes.</summary>
    public bool HasWorkers { get; init; } = true;

    /// <summary>How long the end of a process waits for the images in hand; what is not made by then is made by another node, or at the next start.</summary>
    [Range(0, 600)]
    public int DrainSeconds { get; init; } = 8;

    /// <summary>Batches that each class of the queue holds at most.</summary>
    [Range(1, 10_000_000)]
    public int QueueLength { get; init; } = 100_000;

    /// <summary>Offered batches of a class for each worker.</summary>
    [Range(1, 1000)]
    public int WindowPerWorker { get; init; } = 4;

    /// <summary>Offers published together.</summary>
    [Range(1, 10_000)]
    public int MessageBatchSize { get; init; } = 100;

    /// <summary>Lease time; renewed at a third of it.</summary>
    [Range(1, 3600)]
    public int LeaseSeconds { get; init; } = 60;

    /// <summary>Age at which an offer that nobody leased is given a new number.</summary>
    [Range(1, 3600)]
    public int OfferAgainSeconds { get; init; } = 60;

    /// <summary>A worker that got no message for so long asks the store.</summary>
    [Range(1, 3600)]
    public int IdleSeconds { get; init; } = 2;

    /// <summary>Deaths without an outcome that end the item in hand, or its batch.</summary>
    [Range(2, 100)]
    public int Deliveries { get; init; } = 5;

    /// <summary>Attempts at an item whose reason is retryable.</summary>
    [Range(1, 100)]
    public int Attempts { get; init; } = 3;

    /// <summary>Pause before the second attempt; four times as long before each further one, and 10 minutes at most.</summary>
    [Range(0, 600)]
    public int RetrySeconds { get; init; } = 5;

    /// <summary>A job that is served and makes no progress for so long is stale: its leases are freed. After three times as long it has failed.</summary>
    [Range(1, 10_080)]
    public int StaleMinutes { get; init; } = 30;

    /// <summary>How often stale jobs are looked for, and the locks of bulk jobs renewed.</summary>
    [Range(1, 60)]
    public int RecoverySeconds { get; init; } = 30;

    /// <summary>Days that an image whose original is gone keeps its id and its derivatives, in case that it comes back.</summary>
    [Range(0, 3650)]
    public int TrashDays { get; init; } = 30;

    /// <summary>Days after its end that a job keeps the rows of all its items; then its counts and its failed items stay.</summary>
    [Range(1, 3650)]
    public int HistoryDays { get; init; } = 30;

    /// <summary>How the cache was used is kept so long, by hour and by collection and day.</summary>
    [Range(1, 3650)]
    public int UsageDays { get; init; } = 90;

    /// <summary>How long a scheduled verification reads blobs; the next one goes on where it ended.</summary>
    [Range(1, 1440)]
    public int VerifyMinutes { get; init; } = 60;

    /// <summary>So many images a scan may remove or have made anew without asking, however small the library is.</summary>
    [Range(0, 1_000_000_000)]
    public int BrakeImages { get; init; } = 100;

    /// <summary>Percent of a library's images that a scan may remove or have made anew; more, and more than BrakeImages, waits for approval. 0 turns that off.</summary>
    [Range(0, 100)]
    public int BrakePercent { get; init; } = 10;

    /// <summary>Longest wait before what is made is committed, milliseconds.</summary>
    [Range(1, 60_000)]
    public int CommitMilliseconds { get; init; } = 250;

    /// <summary>Age below which a file counts as still being written; two looks this far apart settle it. 0 turns it off.</summary>
    [Range(0, 3600)]
    public int SettleSeconds { get; init; } = 10;

    /// <summary>nice value of decoders that work for jobs.</summary>
    [Range(0, 19)]
    public int Nice { get; init; } = 10;

    /// <summary>How long a request for a missing derivative waits before it answers 202, milliseconds.</summary>
    [Range(0, 60_000)]
    public int OnDemandWaitMilliseconds { get; init; } = 2000;

    /// <summary>Derivatives that are made on demand at the same time for one user; more are refused for a second.</summary>
    [Range(1, 1000)]
    public int OnDemandPerUser { get; init; } = 4;

    /// <summary>Whether workers begin no new batch while a missing derivative is made for somebody who looks at it.</summary>
    public bool YieldWhileViewing { get; init; }

    /// <summary>How long after the last such derivative they begin none either.</summary>
    [Range(1, 600)]
    public int YieldSeconds { get; init; } = 5;

    /// <summary>After so long a worker that yields takes one batch all the same, so that work never stands still.</summary>
    [Range(1, 600)]
    public int YieldAtMostSeconds { get; init; } = 120;

    /// <summary>Hours in which background work runs, parted by ';', as in 'mon-fri 22:00-06:00; sat,sun 00:00-24:00'. Empty: always.</summary>
    [StringLength(1000)]
    public string WorkWindows { get; init; } = "";

    /// <summary>IANA id of the time zone of WorkWindows; empty for the machine's own.</summary>
    [StringLength(100)]
    public string TimeZone { get; init; } = "";

    public int WorkerCount => !HasWorkers ? 0 : Workers > 0 ? Workers : Environment.ProcessorCount;

    public IReadOnlyList<string> WindowTexts => WorkWindows.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Only of options that are valid.</summary>
    public WorkHours HoursIn(TimeZoneInfo machine) =>
        new([.. WindowTexts.Select(text => TimeWindow.Parse(text, null))], TimeZone.Length == 0 ? machine : TimeZones.Find(TimeZone)!);

    /// <summary>The first option that is wrong, in words; null where all can be used.</summary>
    public ValidationResult? Wrong() => MemberRules.Broken(this);

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (WindowTexts.FirstOrDefault(text => !TimeWindow.TryParse(text, null, out _)) is { } bad)
            yield return new($"'{bad}' is no time window: write '22:00-06:00', or with days 'mon-fri,sun 22:00-06:00'.", [nameof(WorkWindows)]);
        if (TimeZone.Length > 0 && TimeZones.Refusal(TimeZone) is { } refusal) yield return new(refusal, [nameof(TimeZone)]);
    }
}
