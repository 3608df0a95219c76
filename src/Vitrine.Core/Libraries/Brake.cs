namespace Vitrine.Core.Libraries;

/// <summary>How much one scan may take away or make anew of a library before a person is asked.</summary>
/// <param name="Images">So many are always free to go.</param>
/// <param name="Percent">Of the library's images; 0: nobody is ever asked.</param>
public sealed record BrakeLimits(int Images, int Percent)
{
    public static BrakeLimits Off { get; } = new(0, 0);

    public bool Holds(long changes, long ofImages) => Percent > 0 && changes > Images && changes * 100 > Percent * ofImages;
}

/// <summary>A change of a library that waits for a person, or that is being applied.</summary>
/// <param name="Applying">It is decided, and not all of it is written yet.</param>
/// <param name="Removed">Images whose originals are gone, without as many as were found elsewhere.</param>
/// <param name="Redone">Images whose originals are others now, so that their derivatives would be made anew.</param>
/// <param name="Scan">The scan that found it, or that counted it last.</param>
public sealed record HeldChange(bool Applying, long Removed, long Redone, JobId Scan, DateTimeOffset Since);

public enum BrakeVerdict
{
    /// <summary>All of it is applied.</summary>
    Approve,

    /// <summary>All stays as it is, until a scan finds the same again.</summary>
    Reject,
}

/// <summary>
/// Changes that were held because there were too many. Promise: nothing of them is applied before somebody approves them, or a scan finds that they are few
/// again; images keep their derivatives and are served meanwhile.
/// </summary>
public interface IBrakeStore
{
    /// <summary>What waits or is being applied, by library.</summary>
    Task<IReadOnlyDictionary<LibraryId, HeldChange>> ListAsync(CancellationToken cancellation);

    /// <summary>False: nothing is held there. What is approved is applied by <see cref="ApplyAsync"/>.</summary>
    Task<bool> DecideAsync(LibraryId library, BrakeVerdict verdict, CancellationToken cancellation);

    /// <summary>Applies up to <paramref name="limit"/> changes of those that are decided. False: nothing is left to apply.</summary>
    Task<bool> ApplyAsync(int limit, CancellationToken cancellation);
}
