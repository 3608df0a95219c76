using System.Net.Http.Json;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Server.Hosting;
using Vitrine.Server.Jobs;
using Vitrine.Server.Libraries;

namespace Vitrine.Server.Cli;

/// <summary>One run of <c>import</c>: a client of the API that adds libraries, follows their jobs and sums up.</summary>
internal sealed class Import(OwnerAccess owner, TimeProvider time)
{
    /// <summary>Between two looks: short at first, for an import that has little to do.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20), LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>A job that waits for a disk or a folder may go on by itself; so long it is given the chance.</summary>
    private static readonly TimeSpan HoldLimit = TimeSpan.FromSeconds(60);

    /// <summary>More are counted, but not listed.</summary>
    private const int MaxFailures = 100_000;

    private readonly HashSet<LibraryId> _libraries = [];
    private readonly Dictionary<JobId, JobShape> _jobs = [];
    private readonly long _started = time.GetTimestamp();
    private double _cpuBefore;
    private readonly HoldWait _wait = new(time);

    /// <summary>Whether every directory and archive was read, nothing of what was found is held, and no job was given up or cancelled.</summary>
    public bool IsWhole { get; private set; } = true;

    private ServerClient Client => owner.Client;

    /// <summary>Adds each folder and starts its scan; one that is a library already is scanned again, in the mode that is asked for.</summary>
    public async Task BeginAsync(IReadOnlyList<string> paths, IReadOnlyList<string>? presets, ScanMode mode, CancellationToken cancellation)
    {
        // The processor time of a server that ran before belongs to what it did before.
        if (!owner.IsOwn) _cpuBefore = (await Client.GetAsync("/status", ApiJson.Default.StatusShape, cancellation)).CpuSeconds;
        foreach (var path in paths) _libraries.Add(await AddAsync(path, presets, mode, cancellation));
    }

    /// <summary>Until nothing is open in the libraries, no collection waits for another look, and what is decided is applied.</summary>
    public async Task FollowAsync(ImportDisplay display, CancellationToken cancellation)
    {
        for (var pause = ShortestPause; ; pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks)))
        {
            var waiting = await RevisitsAsync(cancellation);
            var open = await OpenJobsAsync(cancellation);
            display.Show(Progress(open));
            // A job that ended between the two looks may have left a note, which the second one sees.
            if (open.Count == 0 && waiting == 0 && await RevisitsAsync(cancellation) == 0) return;
            EndWhereHeld(open);
            await Task.Delay(pause, time, cancellation);
        }
    }

    public async Task<ImportSummary> SummaryAsync(CancellationToken cancellation)
    {
        await RefreshAsync(cancellation);
        var libraries = (await LibrariesAsync(cancellation)).ToList();
        var status = await Client.GetAsync("/status", ApiJson.Default.StatusShape, cancellation);
        IsWhole = libraries.All(library => library is { FailedContainers: 0, Held: null }) && _jobs.Values.All(job => job.Status == JobStatusShape.Completed);
        var derivatives = libraries.SelectMany(library => library.Derivatives).GroupBy(made => made.Key)
            .ToDictionary(group => group.Key, group => new DerivativeCount(group.Sum(made => made.Value.Count), group.Sum(made => made.Value.Bytes)));
        return new(
            libraries.Sum(library => library.Collections), libraries.Sum(library => library.Images), libraries.Sum(library => library.Ready),
            libraries.Sum(library => library.Skipped), libraries.Sum(library => library.Failed), derivatives, await FailuresAsync(cancellation),
            time.GetElapsedTime(_started).TotalSeconds, status.CpuSeconds - _cpuBefore, status.PeakMemoryBytes,
            HeldOf(libraries) is { Count: > 0 } held ? held : null);
    }

    private static List<ImportHeld> HeldOf(IEnumerable<LibraryShape> libraries) =>
        [.. libraries.Where(library => library.Held is not null).Select(library => new ImportHeld(library.Id, library.Held!.Removed, library.Held.Redone))];

    private async Task<LibraryId> AddAsync(string path, IReadOnlyList<string>? presets, ScanMode mode, CancellationToken cancellation)
    {
        try
        {
            var body = JsonContent.Create(new NewLibraryRequest(path, Presets: presets), ApiJson.Default.NewLibraryRequest);
            return (await Client.PostAsync("/libraries", body, ApiJson.Default.LibraryShape, cancellation)).Id;
        }
        catch (ProblemException known) when (known.Code == Problems.Conflict.Code)
        {
            return await ScanAgainAsync(path, presets, mode, cancellation);
        }
        catch (ProblemException refused)
        {
            throw Refusal.WrongUse(refused.Message);
        }
    }

    private async Task<LibraryId> ScanAgainAsync(string path, IReadOnlyList<string>? presets, ScanMode mode, CancellationToken cancellation)
    {
        var root = RealPath.Of(path) ?? path;
        var all = await Client.GetAsync("/libraries", ApiJson.Default.ListShapeLibraryShape, cancellation);
        var library = all.Items.FirstOrDefault(candidate => candidate.Root == root)
            ?? throw Refusal.CouldNotRun($"The library at '{path}' was removed meanwhile: run the command again.");
        if (presets is not null && !presets.ToHashSet().SetEquals(library.Presets))
        {
            var change = JsonContent.Create(new LibraryChangeRequest(Presets: presets), ApiJson.Default.LibraryChangeRequest);
            await Client.PatchAsync($"/libraries/{library.Id}", change, ApiJson.Default.LibraryShape, cancellation);
        }
        var scan = await Client.PostAsync($"/libraries/{library.Id}/scan?mode={mode}", null, ApiJson.Default.JobShape, cancellation);
        _jobs[scan.Id] = scan;
        return library.Id;
    }

    private async Task<List<JobShape>> OpenJobsAsync(CancellationToken cancellation)
    {
        var open = new List<JobShape>();
        foreach (var library in _libraries)
        {
            string? cursor = null;
            do
            {
                var path = $"/cache/processing-jobs?open=true&library={library}&limit={Lists.MaxLimit}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}";
                var page = await Client.GetAsync(path, ApiJson.Default.ListShapeJobShape, cancellation);
                open.AddRange(page.Items);
                cursor = page.Next;
            }
            while (cursor is not null);
        }
        foreach (var job in open) _jobs[job.Id] = job;
        return open;
    }

    /// <summary>The last state of the jobs that were seen, and jobs so short that they were never seen open.</summary>
    private async Task RefreshAsync(CancellationToken cancellation)
    {
        foreach (var library in _libraries)
        {
            var path = $"/cache/processing-jobs?library={library}&limit={Lists.MaxLimit}";
            var first = _jobs.Values.Where(job => job.LibraryId == library).Select(job => job.CreatedAt).DefaultIfEmpty(DateTimeOffset.MinValue).Min();
            foreach (var job in (await Client.GetAsync(path, ApiJson.Default.ListShapeJobShape, cancellation)).Items)
            {
                if (job.CreatedAt >= first || _jobs.ContainsKey(job.Id)) _jobs[job.Id] = job;
            }
        }
    }

    private async Task<int> RevisitsAsync(CancellationToken cancellation) =>
        (await LibrariesAsync(cancellation)).Sum(library => library.Revisits + (library.Held is { Applying: true } ? 1 : 0));

    private async Task<IEnumerable<LibraryShape>> LibrariesAsync(CancellationToken cancellation)
    {
        var all = await Client.GetAsync("/libraries", ApiJson.Default.ListShapeLibraryShape, cancellation);
        return all.Items.Where(library => _libraries.Contains(library.Id));
    }

    /// <summary>What stands in the libraries, whichever run found it: the list says the same as the counters beside it.</summary>
    private async Task<List<ImportFailure>> FailuresAsync(CancellationToken cancellation)
    {
        var failures = new List<ImportFailure>();
        foreach (var library in _libraries.OrderBy(id => id.Value))
        {
            string? cursor = null;
            do
            {
                var path = $"/libraries/{library}/failures?limit={Lists.MaxLimit}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}";
                var page = await Client.GetAsync(path, ApiJson.Default.ListShapeFailureShape, cancellation);
                failures.AddRange(page.Items.Take(MaxFailures - failures.Count).Select(failure => new ImportFailure(failure.Source, failure.Code, failure.Message)));
                cursor = page.Next;
            }
            while (cursor is not null && failures.Count < MaxFailures);
        }
        return failures;
    }

    private ImportProgress Progress(List<JobShape> open)
    {
        var derive = open.Where(job => job.Type == Handler.Derive).ToList();
        var over = _jobs.Values.Where(job => job.Type == Handler.Derive && !open.Any(other => other.Id == job.Id)).ToList();
        var all = derive.Concat(over).ToList();
        return new(
            all.Sum(job => job.CompletedImages + job.SkippedImages + job.FailedImages + job.CancelledImages), all.Sum(job => job.TotalImages),
            all.Sum(job => job.FailedImages), derive.All(job => job.Planned), time.GetElapsedTime(_started),
            open.FirstOrDefault(job => job.Status == JobStatusShape.Paused)?.Holds ?? []);
    }

    /// <summary>Only a person can lift what keeps every job waiting for so long.</summary>
    private void EndWhereHeld(List<JobShape> open)
    {
        if (_wait.Look(open) <= HoldLimit || open.FirstOrDefault(job => job.Status == JobStatusShape.Paused) is not { } held) return;
        throw Refusal.CouldNotRun($"Job {held.Id} waits: {Text.Of(held.Holds)}{(held.Reason is null ? "" : $" ({held.Reason})")}. 'vitrine doctor' says what is wrong; then the same command goes on.");
    }
}
