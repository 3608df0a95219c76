using System.Text.Json.Serialization;
using Vitrine.Core;
using Vitrine.Core.Libraries;
using Vitrine.Core.Libraries.Watching;
using Vitrine.Server.Security;

namespace Vitrine.Server.Libraries;

/// <param name="Root">For Admins; null for everybody else.</param>
/// <param name="NodeLabels">Nodes that have one of these work on it; empty: all.</param>
/// <param name="Online">Whether the root can be reached now, by this server or another node.</param>
/// <param name="Watch">Whether changes are to be noticed between scans.</param>
/// <param name="AllowMetadata">Whether originals are served as they are where they fit what is asked for.</param>
/// <param name="Watched">How they are, on the server that answers; null where they are not to be, or another node does.</param>
/// <param name="Held">What waits for approval; null where nothing does. Its images are served as before.</param>
/// <param name="Revisits">Collections that a scan comes back to within a minute: their originals changed while they were read, or are still being written. Counted up to 200.</param>
internal sealed record LibraryShape(
    LibraryId Id, string Name, string? Root, IReadOnlyList<string> Presets, IReadOnlyList<string> Exclude, IReadOnlyList<string> NodeLabels, bool Online, bool Watch, bool AllowMetadata, WatchedShape? Watched, long Collections, long Images,
    long Ready, long Failed, long Skipped, long FailedContainers, int Revisits, IReadOnlyDictionary<string, DerivativeCount> Derivatives,
    DateTimeOffset CreatedAt, DateTimeOffset? LastScanAt, HeldChangeShape? Held)
{
    public static LibraryShape Of(Library library, LibraryNow now, bool showRoot) => new(
        library.Id, library.Name, showRoot ? library.Root : null, library.Settings.Presets, library.Settings.Exclude, library.Settings.NodeLabels ?? [], now.Online,
        library.Settings.Watch, library.Settings.AllowMetadata, now.Watched is { } watched ? new(watched.Way, watched.Reason) : null,
        library.Counters.Collections, library.Counters.Images, library.Counters.Ready, library.Counters.Failed, library.Counters.Skipped,
        library.Counters.FailedContainers, now.Revisits, library.Counters.Derivatives, library.CreatedAt, library.LastScanAt,
        now.Held is { } held ? new(held.Applying, held.Removed, held.Redone, held.Scan, held.Since) : null);
}

/// <summary>What is known of a library only at this moment.</summary>
internal sealed record LibraryNow(bool Online, int Revisits, WatchState? Watched, HeldChange? Held);

/// <summary>More than a scan may apply without asking.</summary>
/// <param name="Applying">It was approved, or was little, and not all of it is written yet.</param>
/// <param name="Removed">Images whose originals are gone.</param>
/// <param name="Redone">Images whose originals are others now.</param>
/// <param name="ScanId">The scan that counted it.</param>
internal sealed record HeldChangeShape(bool Applying, long Removed, long Redone, JobId ScanId, DateTimeOffset Since);

/// <param name="Way">names: the kernel tells of changes; times: times of directories are compared every five minutes; none: not now.</param>
/// <param name="Reason">Why it is not names: offline, network, limit, too-large or error.</param>
internal sealed record WatchedShape(WatchWay Way, string? Reason);

/// <param name="Extension">Lower-case, without the dot; empty for names without one.</param>
/// <param name="Listed">Whether they are images of the library that were skipped as unsupported; else files that scans pass over.</param>
internal sealed record UnreadFilesShape(string Extension, FileKind Kind, bool Listed, long Files)
{
    public static UnreadFilesShape Of(UnreadFiles unread) => new(unread.Extension, unread.Kind, unread.Listed, unread.Files);
}

/// <param name="Root">An absolute path on the server.</param>
internal sealed record NewLibraryRequest(
    string Root, string? Name = null, IReadOnlyList<string>? Presets = null, IReadOnlyList<string>? Exclude = null, bool? Watch = null, IReadOnlyList<string>? NodeLabels = null) : IAuditable
{
    [JsonIgnore]
    public LibrarySettings Settings => new(Presets ?? LibrarySettings.Default.Presets, Exclude ?? [], Watch: Watch ?? false, NodeLabels: NodeLabels);
}

/// <summary>Many libraries with the same settings. Either <c>roots</c> or <c>below</c> is given.</summary>
/// <param name="Roots">Absolute paths on the server, at most 100.</param>
/// <param name="Below">An absolute path on the server: each folder directly in it becomes a library, links and names with a leading dot excepted.</param>
/// <param name="Match">Only folders whose name is like this: * stands for any characters, ? for one; upper and lower case are alike. Absent: all.</param>
internal sealed record NewLibrariesRequest(
    IReadOnlyList<string>? Roots = null, string? Below = null, string? Match = null,
    IReadOnlyList<string>? Presets = null, IReadOnlyList<string>? Exclude = null, bool? Watch = null, IReadOnlyList<string>? NodeLabels = null) : IAuditable
{
    [JsonIgnore]
    public LibrarySettings Settings => new NewLibraryRequest("", null, Presets, Exclude, Watch, NodeLabels).Settings;
}

/// <summary>What became of one root: a library, or why not.</summary>
internal sealed record AddedLibraryShape(string Root, LibraryShape? Library, string? Code, string? Detail);

/// <summary>What is absent or null stays as it is.</summary>
/// <param name="Root">Where the same originals are now. The one that it has confirms the mount that it is on now.</param>
/// <param name="AllowMetadata">Originals may be served as they are, with their metadata, where they fit what is asked for: pictures of folders need no copy then.</param>
/// <param name="NodeLabels">Nodes that have one of these work on it from now on; empty: all.</param>
/// <param name="Force">Takes a root that does not hold the originals that are recorded.</param>
internal sealed record LibraryChangeRequest(
    string? Name = null, IReadOnlyList<string>? Presets = null, IReadOnlyList<string>? Exclude = null, string? Root = null,
    bool? Watch = null, bool Force = false, bool? AllowMetadata = null, IReadOnlyList<string>? NodeLabels = null) : IAuditable;
