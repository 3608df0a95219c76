namespace Vitrine.Core.Derivatives;

/// <summary>
/// What each asker has being made on demand, at most so much at a time. The work goes on when its request has ended, so it is the work that counts and not the request.
/// </summary>
/// <param name="most">For one asker.</param>
internal sealed class InFlight(int most)
{
    private readonly Lock _changing = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <param name="asker">Null: has no limit, and is not counted.</param>
    public bool TryBegin(string? asker)
    {
        if (asker is null) return true;
        lock (_changing)
        {
            var count = _counts.GetValueOrDefault(asker);
            if (count >= most) return false;
            _counts[asker] = count + 1;
            return true;
        }
    }

    public void End(string? asker)
    {
        if (asker is null) return;
        lock (_changing)
        {
            if (--_counts[asker] == 0) _counts.Remove(asker);
        }
    }
}
