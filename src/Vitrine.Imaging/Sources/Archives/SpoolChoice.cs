namespace Vitrine.Imaging.Sources.Archives;

/// <summary>
/// Which originals of a sequential archive go into the spool on the way to the one that is wanted, and behind it. Unpacking them is the cost, which is paid for
/// all that comes before it anyway. Where all fit, all are taken; else the wanted one and what follows, since people turn pages forward. Pure.
/// </summary>
/// <param name="totalBytes">Of all originals, as far as it is known.</param>
internal sealed class SpoolChoice(long maxBytes, long totalBytes)
{
    private readonly bool _all = totalBytes <= maxBytes;
    private long _taken;
    private bool _met;

    /// <summary>Nothing that follows is taken: the pass may end.</summary>
    public bool IsOver { get; private set; }

    public bool Takes(long size, bool wanted)
    {
        _met |= wanted;
        if (wanted) return true;
        if (!_all && !_met) return false;
        if (_taken + size > maxBytes)
        {
            IsOver |= _met;
            return false;
        }
        _taken += size;
        return true;
    }
}
