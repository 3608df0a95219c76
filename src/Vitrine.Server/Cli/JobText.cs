using System.Text.Json;
using Vitrine.Core.Jobs;
using Vitrine.Server.Derivatives;
using Vitrine.Server.Jobs;

namespace Vitrine.Server.Cli;

/// <summary>Jobs for people, a line or a few for each.</summary>
internal static class JobText
{
    public static string Line(JobShape job)
    {
        var done = job.CompletedImages + job.SkippedImages + job.FailedImages + job.CancelledImages;
        var line = $"Job {job.Id} {TitleOf(job)} {job.Status}: {done} of {job.TotalImages}{(job.Planned ? "" : " so far")}, {job.FailedImages} failed";
        if (job.SkippedImages > 0) line += $", {job.SkippedImages} skipped";
        if (job.Message is not null || job.Reason is not null) line += $" ({job.Message ?? job.Reason})";
        return job.Waits.Count == 0 ? line : $"{line}; waits: {WaitsOf(job)}";
    }

    /// <summary>All that is known of one.</summary>
    public static IEnumerable<string> Lines(JobShape job)
    {
        yield return Line(job);
        yield return $"  library {job.LibraryId}, priority {Word(job.Priority)}{(job.Force ? ", also what is there already" : "")}{(job.ParentId is { } parent ? $", of job {parent}" : "")}";
        foreach (var recipe in job.Recipes) yield return $"  {recipe.Name}: {SizeOf(recipe)}, {Word(recipe.Format)}, quality {recipe.Quality}";
        yield return $"  added {Text.Time(job.CreatedAt)}{At(", started", job.StartedAt)}{At(", last progress", job.LastProgressAt)}{At(", ended", job.FinishedAt)}";
        if (job.Details is not { } details) yield break;
        var batches = details.Batches;
        yield return $"  batches: {batches.Ready} ready, {batches.Offered} offered, {batches.Leased} leased, {batches.Done} done, {batches.Dead} dead";
        if (details.RetryImages > 0) yield return $"  {details.RetryImages} wait for another try{At(", the first", details.RetryAt)}";
        if (details.CollectionIds is { } collections) yield return $"  limited to {collections.Count} collections";
        if (details.ImageIds is { } images) yield return $"  limited to {images.Count} images";
    }

    public static string Line(StaleJobShape stale) => $"{Line(stale.Job)}; idle for {stale.IdleMinutes:0.#} minutes, {stale.RemainingImages} remain: {stale.Action switch
    {
        StaleActionShape.Resume => "would be resumed",
        StaleActionShape.Fail => "would be ended as failed",
        _ => "was resumed already",
    }}";

    public static string Line(FailureShape failure) =>
        $"{failure.Source}: {(failure.Outcome == Outcome.Failed ? "failed" : "skipped")}, {failure.Code}{(failure.Message is null ? "" : $" ({failure.Message})")}";

    private static string WaitsOf(JobShape job) => string.Join(", ", job.Waits.Select(Text.Of));

    private static string TitleOf(JobShape job) => job.Kind switch
    {
        DeriveKindShape.Thumbnails => "derive (thumbnails)",
        DeriveKindShape.Cache => "derive (cache)",
        DeriveKindShape.Both => "derive (both)",
        _ => "scan",
    };

    private static string SizeOf(PresetShape recipe) => recipe.MaxEdge is { } edge ? $"{edge} px" : "its own size";

    private static string At(string words, DateTimeOffset? time) => time is { } known ? $"{words} {Text.Time(known)}" : "";

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
