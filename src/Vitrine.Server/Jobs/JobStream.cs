using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using Vitrine.Core.Jobs;
using Vitrine.Core.Users;
using Vitrine.Server.Hosting;
using Vitrine.Server.Security;

namespace Vitrine.Server.Jobs;

/// <summary>
/// The one stream of the page: each event holds jobs in their newest form, and its id is the highest version among them. A connection, new or
/// again, starts with the present state, so that nothing depends on what the client saw before.
/// </summary>
internal sealed class JobStream(IJobStore jobs, IEventFeed feed, JobPresenter present, TimeProvider time)
{
    public const string Changed = "jobs";

    /// <summary>Says that the connection lives, and nothing of jobs.</summary>
    public const string Heartbeat = "heartbeat";

    /// <summary>Between two events: a job has at most four of them in a second.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>How often the caller's grants, and what open jobs wait for, are read anew; an event comes at least as often.</summary>
    public static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(10);

    public static ServerSentEventsResult<IReadOnlyList<JobShape>> Open(
        HttpContext context, JobStream stream, Callers callers, IHostApplicationLifetime lifetime, CancellationToken cancellation) =>
        TypedResults.ServerSentEvents(stream.EventsAsync(
            (again, token) => again ? callers.FindAgainAsync(context, token) : callers.FindAsync(context, token), lifetime.ApplicationStopping, cancellation));

    /// <summary>Who asks, at that moment; null ends the stream. Asked <paramref name="again"/>, it is the store that says so.</summary>
    public delegate ValueTask<Access?> FindAccess(bool again, CancellationToken cancellation);

    public async IAsyncEnumerable<SseItem<IReadOnlyList<JobShape>>> EventsAsync(
        FindAccess findAccess, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellation);
        if (await findAccess(true, cancellation) is not { } access) yield break;
        var (first, version) = await PresentAsync(access.Grants, cancellation);
        var sent = new SentWaits();
        yield return Event(sent.Note(first));

        await using var changes = new PacedChanges(feed, version, Pause, time, ends.Token);
        var looked = time.GetTimestamp();
        while (await changes.NextAsync(LookPeriod - time.GetElapsedTime(looked)) is { } changed)
        {
            // A look each time: what a person was granted may be another since the last event, and the answer is remembered until then.
            var looks = changed.Count == 0;
            if (await findAccess(looks, cancellation) is not { } now) yield break;
            access = now;
            if (!looks)
            {
                var granted = await ShapesAsync(changed, access.Grants, cancellation);
                if (granted.Count > 0) yield return Event(sent.Note(granted));
                continue;
            }
            looked = time.GetTimestamp();
            var different = sent.Different(await OpenAsync(access.Grants, cancellation));
            yield return different.Count > 0 ? Event(sent.Note(different)) : new([], Heartbeat);
        }
    }

    /// <summary>The newest jobs and the open ones, and the version from which the feed goes on: what changes between these reads comes again.</summary>
    private async Task<(IReadOnlyList<JobShape> Jobs, long Version)> PresentAsync(Grants grants, CancellationToken cancellation)
    {
        var all = (await jobs.ListAsync(new(Limit: Lists.DefaultLimit), cancellation)).Items;
        var newest = grants.IsAll ? all : (await jobs.ListAsync(new(Libraries: grants.Filter, Limit: Lists.DefaultLimit), cancellation)).Items;
        var open = await OpenAsync(grants, cancellation);
        var shapes = open.UnionBy(await ShapesAsync(newest, grants, cancellation), job => job.Id);
        return ([.. shapes], all.Select(job => job.Version).DefaultIfEmpty(0).Max());
    }

    private async Task<IReadOnlyList<JobShape>> OpenAsync(Grants grants, CancellationToken cancellation) =>
        await ShapesAsync((await jobs.ListAsync(new(Open: true, Libraries: grants.Filter, Limit: Lists.MaxLimit), cancellation)).Items, grants, cancellation);

    private Task<IReadOnlyList<JobShape>> ShapesAsync(IEnumerable<Job> some, Grants grants, CancellationToken cancellation) =>
        present.ShapesAsync([.. some.Where(job => grants.Allows(job.Scope.Library))], cancellation);

    private static SseItem<IReadOnlyList<JobShape>> Event(IReadOnlyList<JobShape> some) => new(some, Changed)
    {
        EventId = some.Select(job => job.Version).DefaultIfEmpty(0).Max().ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>What a client was told that open jobs wait for: that changes as well when nothing of the job does.</summary>
    private sealed class SentWaits
    {
        private readonly Dictionary<JobId, IReadOnlyList<WaitShape>> _waits = [];

        public IReadOnlyList<JobShape> Note(IReadOnlyList<JobShape> some)
        {
            foreach (var job in some)
            {
                if (job.IsOver()) _waits.Remove(job.Id);
                else _waits[job.Id] = job.Waits;
            }
            return some;
        }

        public IReadOnlyList<JobShape> Different(IReadOnlyList<JobShape> open) =>
            [.. open.Where(job => !_waits.TryGetValue(job.Id, out var told) || !told.SequenceEqual(job.Waits))];
    }
}
