using Microsoft.Extensions.Logging;

namespace Vitrine.Core.Libraries.Watching;

/// <summary>Watches one library until it is told to end. It works by itself, so that a root that hangs holds up nothing else.</summary>
public sealed partial class LibraryWatch(Library library, WatchSettings settings)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbePeriod = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TimesPeriod = TimeSpan.FromMinutes(5);

    private readonly string _root = settings.Roots.Here(library.Root);
    private volatile WatchState _state = WatchState.Starting;

    public WatchState State => _state;

    /// <summary>Whether this is what the library is and asks for now.</summary>
    public bool Fits(Library now) => now.Root == library.Root && now.Mount == library.Mount;

    /// <param name="failed">Why watching names ended before; null where it has not.</param>
    public async Task RunAsync(string? failed, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            Enter(WatchRule.Choose(library, IsHealthy(), failed));
            switch (_state.Way)
            {
                case WatchWay.Names:
                    failed = await WatchNamesAsync(cancellation);
                    break;
                case WatchWay.Times:
                    await LookAsync(cancellation);
                    await WaitAsync(TimesPeriod, cancellation);
                    break;
                default:
                    failed = null;
                    await WaitAsync(ProbePeriod, cancellation);
                    break;
            }
        }
    }

    /// <summary>Ends when the root is no longer what it was (null), or when names cannot be watched (why).</summary>
    private async Task<string?> WatchNamesAsync(CancellationToken cancellation)
    {
        var changed = new ChangedPlaces(settings.Time);
        try
        {
            using var names = new NameWatch(_root, changed);
            // What changed while nobody watched.
            await LookAsync(cancellation);
            var probed = settings.Time.GetTimestamp();
            while (!names.Failed)
            {
                await WaitAsync(Step, cancellation);
                cancellation.ThrowIfCancellationRequested();
                if (changed.Take() is { Count: > 0 } places) await settings.Store.NoteAsync(library.Id, places, cancellation);
                if (settings.Time.GetElapsedTime(probed) < ProbePeriod) continue;
                if (!IsHealthy()) return null;
                probed = settings.Time.GetTimestamp();
            }
            return WatchState.Limit;
        }
        catch (Exception refused) when (refused is IOException or ArgumentException)
        {
            // The kernel's limit; or the root went in this moment, which the next probe says.
            LogRefused(settings.Logger, library.Id, refused.Message);
            return WatchState.Limit;
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        var noted = await TimesLook.RunAsync(library with { Root = _root }, settings.Store, cancellation);
        if (noted > 0) LogNoted(settings.Logger, library.Id, noted);
    }

    private void Enter(WatchState state)
    {
        if (state == _state) return;
        _state = state;
        LogState(settings.Logger, library.Id, state.Way, state.Reason ?? "as it should be");
    }

    private bool IsHealthy() => settings.Roots.Probe(library.Root).IsHealthy(library.Mount, library.Counters.Images > 0);

    private Task WaitAsync(TimeSpan time, CancellationToken cancellation) => Task.Delay(time, settings.Time, cancellation);

    [LoggerMessage(220, LogLevel.Information, "Library {Library} is watched by {Way}: {Reason}.")]
    private static partial void LogState(ILogger logger, LibraryId library, WatchWay way, string reason);

    [LoggerMessage(221, LogLevel.Information, "{Count} places of library {Library} changed and are noted for a scan.")]
    private static partial void LogNoted(ILogger logger, LibraryId library, int count);

    [LoggerMessage(222, LogLevel.Warning, "The names of library {Library} cannot be watched: {Problem} Raise fs.inotify.max_user_watches and max_user_instances.")]
    private static partial void LogRefused(ILogger logger, LibraryId library, string problem);
}

/// <summary>What watching needs.</summary>
public sealed record WatchSettings(IWatchStore Store, NodeRoots Roots, TimeProvider Time, ILogger<LibraryWatch> Logger);
