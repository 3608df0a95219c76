namespace Vitrine.Core.Jobs;

/// <summary>
/// When a job has had its turn, and the next one of its class is served. A container is listed in milliseconds where a batch of images takes seconds: with
/// one container a turn, the covers of a library's first page would wait behind as many batches of images as the page has collections.
/// </summary>
public static class Turns
{
    /// <summary>Containers that a scan lists in one turn, in the mean.</summary>
    public const int ScanContainers = 16;

    /// <summary>
    /// Whether a job's turn ends with this batch. Of a scan it is one in <see cref="ScanContainers"/>, by a hash of the batch's number, so that no state is kept
    /// and no pattern of numbers keeps the others waiting.
    /// </summary>
    public static bool EndsWith(Handler handler, long batch) =>
        handler != Handler.Scan || unchecked((uint)batch * 2654435761u) >> 16 < 65536 / ScanContainers;
}
