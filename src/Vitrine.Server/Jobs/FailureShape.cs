using Vitrine.Core.Jobs;

namespace Vitrine.Server.Jobs;

/// <param name="Item">The id of an image (derive) or of a collection (scan).</param>
/// <param name="JobId">Whose item it was last; null where no job keeps that. Then attempts is 0, and message, decoderVersion and at are null.</param>
/// <param name="Source">Its place below the library's root.</param>
/// <param name="Outcome">failed or skipped.</param>
/// <param name="Code">A reason code.</param>
internal sealed record FailureShape(
    string Item, Handler Type, JobId? JobId, string Source, Outcome Outcome, string Code, string? Message, int Attempts, string? DecoderVersion, DateTimeOffset? At)
{
    public static FailureShape Of(JobFailure failure) => new(
        failure.Item.ToString(System.Globalization.CultureInfo.InvariantCulture), failure.Handler, failure.Job, failure.Source, failure.Outcome,
        failure.Code, failure.Message, failure.Attempts, failure.DecoderVersion, failure.At);
}
