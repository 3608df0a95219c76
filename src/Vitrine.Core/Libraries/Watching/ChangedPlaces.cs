using System.Text;

namespace Vitrine.Core.Libraries.Watching;

/// <summary>Directories in which names changed, until the burst of changes is over: a copy of a thousand files is one note.</summary>
public sealed class ChangedPlaces(TimeProvider time)
{
    /// <summary>More places than this are the whole library.</summary>
    public const int MaxPlaces = 1000;

    /// <summary>A burst is over when nothing changed for so long.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    /// <summary>Changes that do not end are noted after so long.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly HashSet<SourcePath> _places = [];
    private long _first;
    private long _last;

    /// <summary>Of a name below the root, the directory that holds it. Hidden names, which no scan takes, count nothing.</summary>
    public void AddName(string relative)
    {
        if (relative.Split('/').Any(segment => segment.StartsWith('.'))) return;
        var end = relative.LastIndexOf('/');
        Add(end <= 0 ? SourcePath.Root : SourcePath.FromBytes(Encoding.UTF8.GetBytes(relative[..end])));
    }

    public void Add(SourcePath place)
    {
        lock (_gate)
        {
            _last = time.GetTimestamp();
            if (_places.Count == 0) _first = _last;
            if (_places.Contains(SourcePath.Root)) return;
            if (_places.Count < MaxPlaces)
            {
                _places.Add(place);
                return;
            }
            _places.Clear();
            _places.Add(SourcePath.Root);
        }
    }

    /// <summary>What has changed, once: nothing while the burst goes on. Places below others that changed are left out.</summary>
    public IReadOnlyList<SourcePath> Take()
    {
        lock (_gate)
        {
            if (_places.Count == 0 || (time.GetElapsedTime(_last) < Quiet && time.GetElapsedTime(_first) < Longest)) return [];
            var outermost = _places.Where(place => !Above(place).Any(_places.Contains)).ToList();
            _places.Clear();
            return outermost;
        }
    }

    private static IEnumerable<SourcePath> Above(SourcePath place)
    {
        for (var above = place.Parent; above is { } one; above = one.Parent) yield return one;
    }
}
