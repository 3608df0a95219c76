using System.Globalization;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.CacheFolders;

/// <summary>The tokens that stand in names of files: <c>tmp/TOKEN/…</c> while staged, <c>ab/cd/KEY-TOKEN-N.PRESET.EXT</c> afterwards (<see cref="BlobName"/>).</summary>
public static class StagedNames
{
    private const string Staging = "tmp";
    private const string Journal = "published";

    /// <summary>
    /// The file that lists, a line each, the names that a lease published; a name stands there before the file stands under it. It lives as long as
    /// the lease: what a crash leaves without a row is found by it, and not by reading through a folder of millions.
    /// </summary>
    public static string JournalOf(LeaseToken lease) => $"{Staging}/{lease}/{Journal}";

    public static bool IsJournal(string stagedName) => TokenOf(stagedName) is { } lease && stagedName == JournalOf(lease);

    /// <summary>The token of a staged file; null where the name has none.</summary>
    public static LeaseToken? TokenOf(string stagedName)
    {
        var parts = stagedName.Split('/');
        return parts.Length > 1 ? Parse(parts[1]) : null;
    }

    /// <summary>The token of the lease that made a blob; null where the name has none.</summary>
    public static LeaseToken? MakerOf(string blobName)
    {
        var parts = Path.GetFileName(blobName).Split('-', 3);
        return parts.Length == 3 ? Parse(parts[1]) : null;
    }

    private static LeaseToken? Parse(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var token) ? new(token) : null;
}
