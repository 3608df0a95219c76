using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.CacheFolders;

/// <summary>
/// What stands in a cache folder, for clean-up. Promise: it reads and changes nothing; names are streamed and no file is looked at for its name, so that a folder
/// of millions costs one walk of its directories; links are neither followed nor told.
/// </summary>
public interface IFolderListing
{
    /// <summary>Names of files below the folder, slash-separated, but for its marker and what is in <c>tmp/</c>.</summary>
    IEnumerable<string> Names(string folderPath);

    /// <summary>Size and time of one file; null where it is not there, or is no plain file.</summary>
    StoredFile? Look(string folderPath, string name);

    /// <summary>The staging places of leases, alive or dead.</summary>
    IEnumerable<StagedPlace> Staged(string folderPath);
}

/// <param name="Files">Those in it, the journal among them.</param>
/// <param name="WrittenAt">When the newest of them, or the place itself, last changed.</param>
public sealed record StagedPlace(LeaseToken Lease, int Files, long Bytes, DateTimeOffset WrittenAt);
