using System.Collections.Frozen;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Decoding;

/// <summary>
/// What a decoder may answer to one request. It works on what strangers made, and may be theirs by now: an answer that was not asked for, names that lead out of a
/// directory, numbers that are none, and words that are not ours end it, before anything is made of them. One for each request; it remembers the item in hand.
/// </summary>
public sealed class AnswerRules(DecoderMessage request)
{
    private const int MaxNameBytes = 1 << 16, MaxText = 2000, MaxSide = 1 << 26, MaxExtensions = 101, HashBytes = 32, ThumbHashBytes = 25, ColorLength = 6;

    private static readonly FrozenSet<string> ContentTypes = FrozenSet.Create("image/jpeg", "image/png", "image/webp", "image/gif", "image/avif");
    private static readonly FrozenSet<string> Reasons = Reason.All.Select(reason => reason.Code).ToFrozenSet();

    private readonly HashSet<int> _begun = [];
    private DeriveItem? _inHand;

    /// <exception cref="InvalidDataException">The answer is none to the request.</exception>
    public void Check(DecoderMessage answer)
    {
        var right = (request, answer) switch
        {
            (ListRequest asked, Listed group) => IsListing(asked, group),
            (ListRequest, ListEnd end) => IsReason(end.Reason) && IsOpened(end.Opened) && end.Refused.All(IsCount) && IsVersion(end.Version) && end.Digest is null or { Length: HashBytes } && AreOthers(end.Others),
            (CompareRequest asked, CompareEnd end) => end.Same.Zip(end.Same.Skip(1)).All(pair => pair.First < pair.Second) && end.Same.All(at => at >= 0 && at < asked.Directories.Count),
            (ListRequest or CompareRequest or DeriveRequest or ReadRequest or SpoolRequest, Passed) => true,
            (DeriveRequest asked, BeginItem begin) => Begins(asked, begin),
            (DeriveRequest, DerivativeBytes made) => _inHand is { } item && made.Index == item.Index && IsDerivative(item.Presets, made),
            (DeriveRequest, EndItem end) => Ends(end),
            (DeriveRequest, DeriveEnd end) => _inHand is null && IsReason(end.Reason) && IsOpened(end.Opened),
            (ShrinkRequest asked, _) => IsShrunk(asked, answer),
            (ReadRequest or SpoolRequest, DataBytes) => true,
            (ReadRequest or SpoolRequest, ReadEnd end) => IsReason(end.Reason),
            (SpoolRequest, OriginalBegins begins) => IsName(begins.RawName) && begins.Occurrence >= 0 && IsVersion(begins.Version),
            _ => false,
        };
        if (!right) throw new InvalidDataException($"A decoder answered {request.GetType().Name} with a {answer.GetType().Name} that is none.");
    }

    private static bool IsListing(ListRequest asked, Listed group)
    {
        var ofDirectory = asked.Place.Kind == ContainerKind.Directory;
        return (group.Kind == ContainerKind.Directory) == ofDirectory && Enum.IsDefined(group.Kind)
            && group.Images.Count + group.Containers.Count <= asked.GroupSize
            && (ofDirectory || group.Containers.Count == 0)
            && group.Images.All(image => image is not null && IsImage(image, ofDirectory))
            && group.Containers.All(found => found is not null && IsContainer(found));
    }

    private static bool IsImage(ListedImage image, bool ofDirectory) =>
        IsName(image.RawName) && (!ofDirectory || IsSegment(image.RawName)) && image.Occurrence >= 0 && IsShown(image.Name, image.SortKey) && IsVersion(image.Version);

    private static bool IsContainer(ListedContainer found) =>
        Enum.IsDefined(found.Kind) && IsSegment(found.RawName) && IsShown(found.Name, found.SortKey) && IsVersion(found.Version);

    private static bool IsShrunk(ShrinkRequest asked, DecoderMessage answer) => answer switch
    {
        DerivativeBytes made => made.Index == 0 && IsDerivative(asked.Presets, made),
        ShrinkEnd end => IsReason(end.Reason) && IsTime(end.CpuMilliseconds),
        _ => false,
    };

    private bool Begins(DeriveRequest asked, BeginItem begin)
    {
        if (_inHand is not null || !_begun.Add(begin.Index)) return false;
        _inHand = asked.Items.FirstOrDefault(item => item.Index == begin.Index);
        return _inHand is not null;
    }

    private static bool IsDerivative(IReadOnlyList<Preset> asked, DerivativeBytes made) =>
        asked.Any(preset => preset.Name == made.Preset) && IsSide(made.Width) && IsSide(made.Height) && ContentTypes.Contains(made.ContentType);

    private bool Ends(EndItem end)
    {
        if (_inHand is not { } item || end.Index != item.Index) return false;
        _inHand = null;
        return Enum.IsDefined(end.Outcome) && IsReason(end.Reason) && end.Message is not { Length: > MaxText } && IsVersion(end.VersionRead)
            && (end.Facts is null || AreFacts(end.Facts)) && end.Known is null or { Length: HashBytes } && (end.Unread is null || FormatTable.Find(end.Unread) is not null) && AreCosts(end);
    }

    private static bool AreCosts(EndItem end) =>
        end.NeedsBytes is not <= 0 && end.Decodes is >= 0 and <= 2 && IsTime(end.CpuMilliseconds);

    private static bool IsTime(double milliseconds) => double.IsFinite(milliseconds) && milliseconds >= 0;

    private static bool AreFacts(ImageFacts facts) =>
        facts.ContentHash.Length == HashBytes && IsSide(facts.Width) && IsSide(facts.Height) && FormatTable.Find(facts.Format) is not null && facts.Frames >= 1
        && facts.Orientation is >= 1 and <= 8 && facts.ThumbHash is null or { Length: <= ThumbHashBytes } && (facts.Color is null || IsColor(facts.Color));

    private static bool IsColor(string color) => color.Length == ColorLength && color.All(char.IsAsciiHexDigitLower);

    private static bool AreOthers(IReadOnlyDictionary<string, int>? others) =>
        others is null || (others.Count <= MaxExtensions && others.All(count => count.Key.Length <= MaxText && count.Value > 0));

    private static bool IsCount(KeyValuePair<string, int> refused) => Reasons.Contains(refused.Key) && refused.Value > 0;

    private static bool IsReason(string? reason) => reason is null || Reasons.Contains(reason);

    private static bool IsOpened(int opened) => opened is 0 or 1;

    private static bool IsSide(int pixels) => pixels is > 0 and <= MaxSide;

    private static bool IsVersion(SourceVersion? version) => version is not { Size: < 0 };

    private static bool IsName(byte[] name) => name.Length is > 0 and <= MaxNameBytes;

    private static bool IsShown(string name, byte[] sortKey) => name.Length is > 0 and <= MaxNameBytes && sortKey.Length <= 4 * MaxNameBytes;

    /// <summary>A name within one directory: it leads nowhere else, and it is no path of its own.</summary>
    private static bool IsSegment(byte[] name) =>
        IsName(name) && !name.Contains((byte)'/') && !name.Contains((byte)0) && !name.AsSpan().SequenceEqual("."u8) && !name.AsSpan().SequenceEqual(".."u8);
}
