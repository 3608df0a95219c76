using Vitrine.Core.Libraries;

namespace Vitrine.Server.Libraries;

/// <param name="Root">For Admins; null for everybody else.</param>
/// <param name="Online">Whether the root can be reached now.</param>
/// <param name="Revisits">Collections that a scan comes back to within a minute: their originals changed while they were read, or are still being written. Counted up to 200.</param>
internal sealed record LibraryShape(
    LibraryId Id, string Name, string? Root, IReadOnlyList<string> Presets, IReadOnlyList<string> Exclude, bool Online, long Collections, long Images,
    long Ready, long Failed, long Skipped, long FailedContainers, int Revisits, IReadOnlyDictionary<string, DerivativeCount> Derivatives,
    DateTimeOffset CreatedAt, DateTimeOffset? LastScanAt)
{
    public static LibraryShape Of(Library library, bool online, bool showRoot, int revisits) => new(
        library.Id, library.Name, showRoot ? library.Root : null, library.Settings.Presets, library.Settings.Exclude, online,
        library.Counters.Collections, library.Counters.Images, library.Counters.Ready, library.Counters.Failed, library.Counters.Skipped,
        library.Counters.FailedContainers, revisits, library.Counters.Derivatives, library.CreatedAt, library.LastScanAt);
}

/// <param name="Root">An absolute path on the server.</param>
internal sealed record NewLibraryRequest(
    string Root, string? Name = null, IReadOnlyList<string>? Presets = null, IReadOnlyList<string>? Exclude = null);

/// <summary>What is absent or null stays as it is.</summary>
internal sealed record LibraryChangeRequest(
    string? Name = null, IReadOnlyList<string>? Presets = null, IReadOnlyList<string>? Exclude = null, string? Root = null);
