using Microsoft.Extensions.Logging;

namespace Vitrine.Core.Files;

/// <summary>
/// Where every refusal of a path ends: a name that could lead out of its root, or a link in the place of what was recorded. Each is counted; each place is logged as a
/// security event, at most once a minute and 100 in all, since who can make one refusal can make a million.
/// </summary>
public sealed partial class RefusedPaths(Telemetry telemetry, TimeProvider time, ILogger<RefusedPaths> logger)
{
    public const string Link = "a link stands there";
    public const string Outside = "it could lead out";

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>Of one minute; those beyond are counted all the same.</summary>
    private const int MaxLines = 100;

    private const int MaxRoots = 1000;

    private readonly Lock _changing = new();
    private readonly HashSet<(string Root, string Path)> _logged = [];
    private readonly HashSet<RefusedRoot> _roots = [];
    private long _since = time.GetTimestamp();

    /// <param name="root">What it must stay beneath.</param>
    /// <param name="path">As it was given, or below the root.</param>
    /// <param name="why">One of the few words here.</param>
    /// <param name="library">Whose root it is; null: a cache folder's.</param>
    public void Note(string root, string path, string why, LibraryId? library = null)
    {
        telemetry.PathsRefused.Add();
        if (IsToBeLogged(new(root, library), path)) LogRefused(logger, PlainText.Escape(path), PlainText.Escape(root), why);
    }

    private bool IsToBeLogged(RefusedRoot root, string path)
    {
        lock (_changing)
        {
            if (_roots.Count < MaxRoots) _roots.Add(root);
            if (time.GetElapsedTime(_since) >= Window)
            {
                _since = time.GetTimestamp();
                _logged.Clear();
            }
            return _logged.Count < MaxLines && _logged.Add((root.Path, path));
        }
    }

    /// <summary>The roots of refusals since the last call.</summary>
    public IReadOnlyList<RefusedRoot> TakeRoots()
    {
        lock (_changing)
        {
            RefusedRoot[] roots = [.. _roots];
            _roots.Clear();
            return roots;
        }
    }

    [LoggerMessage(190, LogLevel.Warning, "Security: the path {Path} was refused beneath {Root}: {Why}.")]
    private static partial void LogRefused(ILogger logger, string path, string root, string why);
}

/// <summary>A directory beneath which a path was refused: a library's root, or that of a cache folder.</summary>
public readonly record struct RefusedRoot(string Path, LibraryId? Library);
