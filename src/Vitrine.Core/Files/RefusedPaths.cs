using Microsoft.Extensions.Logging;

namespace Vitrine.Core.Files;

/// <summary>
/// Where every refusal of a path ends: a name that could lead out of its root, or a link in the place of what was recorded. Each is counted; each place is logged as a
/// security event, at most once a minute, since who can make one refusal can make a million.
/// </summary>
public sealed partial class RefusedPaths(Telemetry telemetry, TimeProvider time, ILogger<RefusedPaths> logger)
{
    public const string Link = "a link stands there";
    public const string Outside = "it could lead out";

    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    /// <summary>Beyond it the memory starts anew: it only saves lines of the log.</summary>
    private const int MaxRemembered = 1000;

    private readonly Lock _changing = new();
    private readonly Dictionary<(string Root, string Path), long> _logged = [];
    private readonly HashSet<string> _roots = [];

    /// <param name="root">What it must stay beneath.</param>
    /// <param name="path">As it was given, or below the root.</param>
    /// <param name="why">One of a few words of ours.</param>
    public void Note(string root, string path, string why)
    {
        telemetry.PathsRefused.Add();
        lock (_changing)
        {
            if (_roots.Count < MaxRemembered) _roots.Add(root);
            if (_logged.TryGetValue((root, path), out var last) && time.GetElapsedTime(last) < Quiet) return;
            if (_logged.Count >= MaxRemembered) _logged.Clear();
            _logged[(root, path)] = time.GetTimestamp();
        }
        LogRefused(logger, PlainText.Escape(path), PlainText.Escape(root), why);
    }

    /// <summary>The roots of refusals since the last call.</summary>
    public IReadOnlyList<string> TakeRoots()
    {
        lock (_changing)
        {
            string[] roots = [.. _roots];
            _roots.Clear();
            return roots;
        }
    }

    [LoggerMessage(190, LogLevel.Warning, "Security: the path {Path} was refused beneath {Root}: {Why}.")]
    private static partial void LogRefused(ILogger logger, string path, string root, string why);
}
