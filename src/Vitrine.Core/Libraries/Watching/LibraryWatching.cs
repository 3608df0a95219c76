using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Vitrine.Core.Jobs;

namespace Vitrine.Core.Libraries.Watching;

/// <summary>
/// Watches the libraries that ask for it, each on one node that reaches it. What it sees is only noted, and scanned by <see cref="Revisits"/> like all that is noted. A watch that ends
/// with an error is begun again by times.
/// </summary>
public sealed partial class LibraryWatching(ILibraryStore libraries, WatchSettings settings, Reach reach, Duties duties, ILogger<LibraryWatching> logger)
    : PeriodicService(Every, new Pulse(), settings.Time, logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<LibraryId, Running> _running = [];
    private readonly Dictionary<LibraryId, Duty> _duties = [];

    /// <summary>Null: not watched on this node.</summary>
    public WatchState? StateOf(LibraryId library) => _running.TryGetValue(library, out var running) ? running.Watch.State : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await base.ExecuteAsync(stoppingToken);
        foreach (var library in _running.Keys) await EndAsync(library);
        foreach (var duty in _duties.Values) await duty.ReleaseAsync(CancellationToken.None);
    }

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var wanted = new Dictionary<LibraryId, Library>();
        foreach (var library in (await libraries.ListAsync(cancellation)).Where(library => library.Settings.Watch))
        {
            if (await IsMineAsync(library.Id, cancellation)) wanted.Add(library.Id, library);
        }
        foreach (var (id, running) in _running)
        {
            if (running.Work.IsFaulted) LogFailed(Logger, id, running.Work.Exception);
            var fits = wanted.TryGetValue(id, out var library) && running.Watch.Fits(library);
            if (!fits || running.Work.IsCompleted) await EndAsync(id);
            if (fits && running.Work.IsFaulted) Begin(library!, WatchState.Error, cancellation);
        }
        foreach (var library in wanted.Values.Where(library => !_running.ContainsKey(library.Id))) Begin(library, null, cancellation);
        return false;
    }

    private async Task<bool> IsMineAsync(LibraryId library, CancellationToken cancellation)
    {
        if (!_duties.TryGetValue(library, out var duty)) _duties[library] = duty = duties.Open($"{nameof(LibraryWatching)}/{library}", Every);
        if (!reach.Left.Contains(library)) return await duty.RunAsync(_ => Task.FromResult(true), cancellation);
        await duty.ReleaseAsync(cancellation);
        return false;
    }

    private void Begin(Library library, string? failed, CancellationToken cancellation)
    {
        var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watch = new LibraryWatch(library, settings);
        _running[library.Id] = new(watch, Task.Run(() => watch.RunAsync(failed, end.Token), CancellationToken.None), end);
    }

    /// <summary>Not awaited: a root that hangs would hold up the others.</summary>
    private async Task EndAsync(LibraryId id)
    {
        if (!_running.TryRemove(id, out var running)) return;
        await running.End.CancelAsync();
        running.End.Dispose();
    }

    [LoggerMessage(223, LogLevel.Error, "Watching library {Library} ended with an error; it goes on by times.")]
    private static partial void LogFailed(ILogger logger, LibraryId library, Exception failure);

    private sealed record Running(LibraryWatch Watch, Task Work, CancellationTokenSource End);
}
