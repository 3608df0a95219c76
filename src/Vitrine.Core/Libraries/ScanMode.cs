using Vitrine.Core.Jobs;

namespace Vitrine.Core.Libraries;

/// <summary>What somebody who scans a library wants. The numbers are stored: new modes go to the end.</summary>
public enum ScanMode
{
    /// <summary>What is new, changed or gone; what is unchanged costs its listing.</summary>
    Changed,

    /// <summary>Nothing is listed: images that lack one of the library's presets are made, and those that failed for a reason that may pass.</summary>
    Incomplete,

    /// <summary>Everything is listed and made anew. Images keep their ids, and show what they have until its successor is there.</summary>
    Overwrite,
}

public static class ScanModes
{
    public static NewJob ToJob(this ScanMode mode, Library library, string? idempotencyKey) => new(
        mode == ScanMode.Incomplete ? Handler.Derive : Handler.Scan,
        new(library.Id, library.Settings.Presets, Force: mode == ScanMode.Overwrite, Incomplete: mode == ScanMode.Incomplete),
        IdempotencyKey: idempotencyKey);
}
