using Vitrine.Core.Jobs;

namespace Vitrine.Imaging.Sources;

/// <summary>
/// An original or a container that is refused, for a reason of <see cref="Reason"/>. It is found deep within parsers and becomes
/// the item's answer in one place, <see cref="DecoderLoop"/>. The message is ours: no library's text leaves the decoder.
/// </summary>
public sealed class RefusedException(Outcome outcome, string reason, string message) : Exception(message)
{
    public Outcome Outcome { get; } = outcome;
    public string Reason { get; } = reason;

    /// <summary>With <c>too-many-pixels</c>: what decoding needs, where that is more than this child may take.</summary>
    public long? NeedsBytes { get; init; }

    /// <summary>With <c>unsupported</c>: the row of the table of formats that another decoder may read.</summary>
    public string? UnreadFormat { get; private init; }

    public static RefusedException Changed() => new(Outcome.Skipped, Core.Jobs.Reason.SourceChanged, "The original changed while it was read.");
    public static RefusedException Link() => new(Outcome.Skipped, Core.Jobs.Reason.SourceLink, "A link stands in its place.");
    public static RefusedException Missing() => new(Outcome.Failed, Core.Jobs.Reason.SourceMissing, "It is not there.");
    public static RefusedException Corrupt(string message) => new(Outcome.Failed, Core.Jobs.Reason.Corrupt, message);
    public static RefusedException BadArchive(string message) => new(Outcome.Failed, Core.Jobs.Reason.ArchiveCorrupt, message);
    public static RefusedException Unsupported(string message) => new(Outcome.Skipped, Core.Jobs.Reason.Unsupported, message);
    public static RefusedException Unread(string format) => new(Outcome.Skipped, Core.Jobs.Reason.Unsupported, $"{format} is not read here.") { UnreadFormat = format };
}
