using System.Text.Json.Serialization;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Core.Decoding;

/// <summary>
/// What goes over the pipes between a node and its decoder. The node asks, one request at a time; the child answers with the
/// messages that the request names, in order. A body of bytes may stand behind a message (see <see cref="FrameWriter"/>).
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Hello), "hello")]
[JsonDerivedType(typeof(ListRequest), "list")]
[JsonDerivedType(typeof(Listed), "listed")]
[JsonDerivedType(typeof(ListEnd), "list-end")]
[JsonDerivedType(typeof(CompareRequest), "compare")]
[JsonDerivedType(typeof(CompareEnd), "compare-end")]
[JsonDerivedType(typeof(DeriveRequest), "derive")]
[JsonDerivedType(typeof(BeginItem), "begin-item")]
[JsonDerivedType(typeof(DerivativeBytes), "derivative")]
[JsonDerivedType(typeof(EndItem), "end-item")]
[JsonDerivedType(typeof(Passed), "passed")]
[JsonDerivedType(typeof(DeriveEnd), "derive-end")]
[JsonDerivedType(typeof(ShrinkRequest), "shrink")]
[JsonDerivedType(typeof(ShrinkEnd), "shrink-end")]
[JsonDerivedType(typeof(ReadRequest), "read")]
[JsonDerivedType(typeof(DataBytes), "data")]
[JsonDerivedType(typeof(ReadEnd), "read-end")]
[JsonDerivedType(typeof(SpoolRequest), "spool")]
[JsonDerivedType(typeof(OriginalBegins), "original-begins")]
public abstract record DecoderMessage;

/// <summary>The child's first message, once it is ready.</summary>
/// <param name="Protocol">Must equal <see cref="CurrentProtocol"/>.</param>
/// <param name="Decoder">Version that is recorded with failures: Vitrine's, the flavour, libvips'.</param>
/// <param name="Formats">Names of formats that it reads, lower-case.</param>
/// <param name="Limits">What holds here, for doctor: for example <c>data=1073741824</c>, <c>no-new-privs</c>.</param>
/// <param name="Liblzma">Version of the system's liblzma; null where it has none, and 7z and xz are unpacked by slower code.</param>
public sealed record Hello(int Protocol, string Decoder, IReadOnlyList<string> Formats, IReadOnlyList<string> Limits, string? Liblzma = null) : DecoderMessage
{
    public const int CurrentProtocol = 5;

    /// <summary>The roots that it was told of and may read: one that was not there in that moment is none.</summary>
    public IReadOnlyList<string> Roots { get; init; } = [];
}

/// <summary>A container: bytes, since names are bytes. <c>Version</c> is what is recorded; null where none is known yet.</summary>
public sealed record ContainerPlace(string Root, byte[] Path, ContainerKind Kind, SourceVersion? Version)
{
    /// <summary>
    /// A container to read from. Its version is recorded with the last step of its scan, and batches of its first images may be leased before that: until
    /// then the entries' own versions (CRC-32 and size) tell whether they changed.
    /// </summary>
    public static ContainerPlace ToRead(string root, SourcePath path, ContainerKind kind, SourceVersion recorded) =>
        new(root, path.Bytes, kind, recorded == default ? null : recorded);
}

/// <summary>Asks for a container's images and, of a directory, the containers in it: answered by <see cref="Listed"/>, in natural order, then <see cref="ListEnd"/>.</summary>
/// <param name="Exclude">Globs of the library, in .gitignore syntax.</param>
/// <param name="GroupSize">Entries in one answer, at most.</param>
public sealed record ListRequest(ContainerPlace Place, IReadOnlyList<string> Exclude, DecodeLimits Limits, int GroupSize) : DecoderMessage;

/// <param name="Kind">What the container is by its content.</param>
public sealed record Listed(ContainerKind Kind, IReadOnlyList<ListedImage> Images, IReadOnlyList<ListedContainer> Containers) : DecoderMessage;

/// <param name="NewestNs">The newest of its times (mtime, ctime), ns since 1970; 0 for an entry of an archive.</param>
/// <param name="OnlyName">See <see cref="FoundImage.OnlyName"/>.</param>
public sealed record ListedImage(byte[] RawName, int Occurrence, string Name, byte[] SortKey, SourceVersion Version, long NewestNs, bool OnlyName = false);

/// <param name="Kind">An archive's by its name; its own listing says what it really is.</param>
/// <param name="RawName">One segment.</param>
/// <param name="Name">For people: an archive's without its extension.</param>
/// <param name="OnlyName">See <see cref="FoundContainer.OnlyName"/>.</param>
public sealed record ListedContainer(ContainerKind Kind, byte[] RawName, string Name, byte[] SortKey, SourceVersion Version, long NewestNs, bool OnlyName = false);

/// <param name="Reason">Why the listing could not be made or ended early (a code of <see cref="Jobs.Reason"/>), or null. What was listed before can be read all the same.</param>
/// <param name="Version">The container's, the same before the first and after the last byte; null where it was not read, or changed meanwhile.</param>
/// <param name="Opened">Containers opened: 0 or 1.</param>
/// <param name="Refused">Entries left out by name: unsafe, over a limit, encrypted (counts by reason code).</param>
/// <param name="Digest">Of a directory: of the names, kinds and versions of all that it lists.</param>
/// <param name="Others">Files that are neither pictures nor containers, by extension (see <see cref="UnreadFiles"/>); null where the listing could not be made.</param>
public sealed record ListEnd(
    string? Reason, SourceVersion? Version, long NewestNs, int Opened, IReadOnlyDictionary<string, int> Refused,
    byte[]? Digest = null, IReadOnlyDictionary<string, int>? Others = null) : DecoderMessage;

/// <summary>Asks which directories list what is recorded of them: answered by <see cref="Passed"/> on the way, then <see cref="CompareEnd"/>.</summary>
/// <param name="Exclude">As in <see cref="ListRequest"/>.</param>
public sealed record CompareRequest(string Root, IReadOnlyList<RecordedListing> Directories, IReadOnlyList<string> Exclude, DecodeLimits Limits) : DecoderMessage;

/// <param name="Path">Of a directory, below the root.</param>
/// <param name="Digest">See <see cref="ListEnd.Digest"/>.</param>
public sealed record RecordedListing(byte[] Path, byte[] Digest);

/// <param name="Same">Of the directories that were asked for those whose digest is the recorded one: their places in the request, ascending. Any other is to be listed, which tells what is with it.</param>
public sealed record CompareEnd(IReadOnlyList<int> Same) : DecoderMessage;

/// <summary>
/// Asks for derivatives of items of one container, which is opened once: for each item, in order (of a sequential container: as they are stored),
/// <see cref="BeginItem"/> before its bytes are touched, a <see cref="DerivativeBytes"/> for each preset, largest first, and <see cref="EndItem"/>; then
/// <see cref="DeriveEnd"/>.
/// </summary>
/// <param name="Known">Content hashes that need no decode: such an item has no derivatives, and its end names the hash.</param>
/// <param name="Ahead">
/// Of a sequential container the next original may be read before the one in hand has ended: not where a decoder died, since the next death must name its item.
/// </param>
public sealed record DeriveRequest(
    ContainerPlace Place, IReadOnlyList<DeriveItem> Items, DecodeLimits Limits, bool Large, IReadOnlyList<byte[]>? Known = null, bool Ahead = false) : DecoderMessage;

/// <param name="Index">Comes back in the answers.</param>
/// <param name="Version">Recorded; a source that differs is not decoded: <see cref="EndItem"/> with <c>source-changed</c>.</param>
public sealed record DeriveItem(int Index, byte[] RawName, int Occurrence, SourceVersion Version, IReadOnlyList<Preset> Presets);

public sealed record BeginItem(int Index) : DecoderMessage;

/// <summary>One derivative; its encoded bytes are the frame's body.</summary>
public sealed record DerivativeBytes(int Index, string Preset, int Width, int Height, string ContentType, bool Partial) : DecoderMessage;

/// <param name="Outcome">Done with all derivatives sent, or why not.</param>
/// <param name="NeedsBytes">With <c>too-many-pixels</c>: more than half of a child's memory, or than the large one's; where it is within that, ask that one with this item alone.</param>
/// <param name="Unread">With <c>unsupported</c>: the row of <see cref="FormatTable"/> that the content is of, so that the other flavour may be asked.</param>
/// <param name="Decodes">Times that the original's pixels were decoded: 0 or 1, 2 where a lenient decode followed a strict one.</param>
/// <param name="Known">The one of <see cref="DeriveRequest.Known"/> that its bytes hash to; it was read whole and not decoded.</param>
/// <param name="CpuMilliseconds">User and system time of the decoder from the item's begin to its end.</param>
public sealed record EndItem(
    int Index, Outcome Outcome, string? Reason, string? Message, SourceVersion? VersionRead, ImageFacts? Facts, long? NeedsBytes, int Decodes,
    byte[]? Known = null, string? Unread = null, double CpuMilliseconds = 0) : DecoderMessage;

/// <summary>
/// A sign of life from a sequential container: so many bytes more were unpacked and passed over. It may come before any other answer, and an item's processor
/// time starts again with it.
/// </summary>
public sealed record Passed : DecoderMessage
{
    public const long EachBytes = 64 << 20;
}

/// <param name="Reason">Why the container could not be opened, or not be read to its end; its other items have no answers then.</param>
public sealed record DeriveEnd(string? Reason, int Opened) : DecoderMessage;

/// <summary>
/// Asks for smaller derivatives of a picture, whose bytes are the frame's body: a <see cref="DerivativeBytes"/> with index 0 for each preset, largest first, then
/// <see cref="ShrinkEnd"/>.
/// </summary>
public sealed record ShrinkRequest(IReadOnlyList<Preset> Presets, DecodeLimits Limits) : DecoderMessage;

/// <param name="Reason">Why it could not be done, or null: then all were sent.</param>
/// <param name="CpuMilliseconds">User and system time of the decoder for it.</param>
public sealed record ShrinkEnd(string? Reason, double CpuMilliseconds) : DecoderMessage;

/// <summary>Asks for the bytes of one original: <see cref="DataBytes"/>, then <see cref="ReadEnd"/>.</summary>
public sealed record ReadRequest(ContainerPlace Place, byte[] RawName, int Occurrence, SourceVersion Version, DecodeLimits Limits) : DecoderMessage;

/// <summary>The next bytes are the frame's body.</summary>
public sealed record DataBytes : DecoderMessage;

public sealed record ReadEnd(string? Reason) : DecoderMessage;

/// <summary>
/// Asks for the bytes of one original of a sequential container and of others on the way: for each <see cref="OriginalBegins"/> and its <see cref="DataBytes"/>, as
/// they are stored; then <see cref="ReadEnd"/>, with a reason where the wanted one could not be read or reached.
/// </summary>
/// <param name="MaxBytes">Of all that is sent but the wanted one. Where the whole container is more, what stands before the wanted one is left out.</param>
public sealed record SpoolRequest(
    ContainerPlace Place, byte[] RawName, int Occurrence, SourceVersion Version, long MaxBytes, DecodeLimits Limits) : DecoderMessage;

/// <summary>The data that follows is this original's, whole: as many bytes as its version says.</summary>
public sealed record OriginalBegins(byte[] RawName, int Occurrence, SourceVersion Version) : DecoderMessage;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DecoderMessage))]
internal sealed partial class DecoderJson : JsonSerializerContext;
