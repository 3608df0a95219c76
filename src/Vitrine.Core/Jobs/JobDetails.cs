namespace Vitrine.Core.Jobs;

/// <summary>What a job's batches and items do, counted when it is asked. A job that was pruned has few of them left.</summary>
/// <param name="Retries">Items that wait for another try.</param>
/// <param name="RetryAt">When the first of these is due.</param>
public sealed record JobDetails(BatchCounts Batches, long Retries, DateTimeOffset? RetryAt);

/// <summary>Batches of a job by their <see cref="BatchState"/>.</summary>
public sealed record BatchCounts(long Ready, long Offered, long Leased, long Done, long Dead);
