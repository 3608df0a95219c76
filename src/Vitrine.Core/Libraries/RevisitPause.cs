namespace Vitrine.Core.Libraries;

/// <summary>
/// How long a collection that was noted for another look waits for it: not at all at first, then twice as long each time in a row. A file
/// that is copied is seen within twice the time that its copying took, and one that never stops changing costs a scan an hour.
/// </summary>
public static class RevisitPause
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);

    /// <summary>A note that comes later than this after the look before is the first of a new row.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <param name="notesBefore">Notes in a row before this one.</param>
    public static TimeSpan After(int notesBefore) => notesBefore switch
    {
        <= 0 => TimeSpan.Zero,
        > 6 => Longest,
        _ => First * Math.Pow(2, notesBefore - 1),
    };
}
