using Vitrine.Core.Jobs;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Jobs;

/// <param name="Item">The id of an image (derive) or of a collection (scan).</param>
/// <param name="JobId">Whose item it was last; null where no job keeps that. Then attempts is 0, and message and at are null.</param>
/// <param name="Source">Its place below the library's root.</param>
/// <param name="Outcome">failed or skipped.</param>
/// <param name="Code">A reason code.</param>
internal sealed record FailureShape(
    string Item, Handler Type, JobId? JobId, LibraryId LibraryId, string Source, Outcome Outcome, string Code, string? Message, int Attempts,
    string? DecoderVersion, DateTimeOffset? At, bool Ignored)
{
    public static FailureShape Of(JobFailure failure) => new(
        failure.Item.ToString(System.Globalization.CultureInfo.InvariantCulture), failure.Handler, failure.Job, failure.Library, failure.Source,
        failure.Outcome, failure.Code, failure.Message, failure.Attempts, failure.DecoderVersion, failure.At, failure.Ignored);
}

/// <param name="Decoder">The version that judged so; empty where none did.</param>
/// <param name="Meaning">Of the code, for people.</param>
/// <param name="Retryable">Whether a later attempt can end otherwise without the original changing.</param>
internal sealed record FailureGroupShape(
    LibraryId LibraryId, Handler Type, string Code, string Meaning, bool Retryable, string Decoder, bool Ignored, long Count)
{
    public static FailureGroupShape Of(FailureGroup group)
    {
        var reason = Reason.Of(group.Reason);
        return new(group.Library, group.Kind, group.Reason, reason.Meaning, reason.Retryable, group.Decoder, group.Ignored, group.Count);
    }
}

/// <summary>Which failures a list shows.</summary>
internal sealed record FailureFilter
{
    public LibraryId? Library { get; init; }
    public Named<Handler>? Type { get; init; }
    public string? Reason { get; init; }
    public string? Decoder { get; init; }
    public CollectionId? Collection { get; init; }
    public ImageId? Image { get; init; }
    public bool? Ignored { get; init; }

    public FailureSelection Selection => new(Library, Type?.Value, Reason is null ? null : [Reason], Decoder, Collection, Image, Ignored ?? false);
}

/// <summary>Which failures a request is about: what stands and fits all that is said. What is ignored is left out unless it is asked for, or named by its image.</summary>
/// <param name="Type">scan: archives and directories; derive: images.</param>
/// <param name="Reasons">Reason codes.</param>
/// <param name="Decoder">Judged by this version; empty: by none.</param>
/// <param name="Collection">In this collection, or its container itself.</param>
internal sealed record FailureSelection(
    LibraryId? Library = null, Handler? Type = null, IReadOnlyList<string>? Reasons = null,
    string? Decoder = null, CollectionId? Collection = null, ImageId? Image = null, bool? Ignored = null) : IAuditable
{
    private const int MaxText = 200;
    private const int MaxReasons = 100;

    /// <summary>Null, or what is wrong with it.</summary>
    public Problem? Refusal()
    {
        if (Decoder?.Length > MaxText) return Problems.BadRequest.With($"A decoder's version has at most {MaxText} characters.");
        if (Reasons?.Count > MaxReasons) return Problems.BadRequest.With($"At most {MaxReasons} reason codes.");
        return Reasons?.FirstOrDefault(code => Reason.All.All(reason => reason.Code != code)) is { } unknown
            ? Problems.BadRequest.With($"'{unknown}' is no reason code.")
            : null;
    }

    public FailureQuery.Standing ToQuery() => new(
        Library, Type, Reasons, Decoder, OtherThan: null, Collection, Image, Ignored ?? (Image is null ? false : null));
}

/// <param name="Count">How many the request changed.</param>
internal sealed record ChangedShape(long Count);

/// <param name="Path">The container's place below the library's root; empty where it is gone.</param>
/// <param name="Deaths">Without an outcome, at its end.</param>
/// <param name="Crashed">Items of it that had crashed alone before.</param>
/// <param name="Items">Those that were open when it died.</param>
internal sealed record DeadBatchShape(
    BatchId Id, JobId JobId, Handler Type, LibraryId LibraryId, CollectionId CollectionId, string Path, int Deaths, int Crashed, long Items,
    DateTimeOffset DiedAt)
{
    public static DeadBatchShape Of(DeadBatch dead) => new(
        dead.Id, dead.Job, dead.Handler, dead.Library, dead.Collection, dead.Path, dead.Deaths, dead.Crashed, dead.Items, dead.DiedAt);
}
