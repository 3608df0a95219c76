using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
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
internal static class JobStream
{
    private const string EventType = "jobs";

    public static ServerSentEventsResult<IReadOnlyList<JobShape>> Open(
        ClaimsPrincipal who, IJobStore jobs, IEventFeed feed, IHostApplicationLifetime lifetime, CancellationToken cancellation) =>
        TypedResults.ServerSentEvents(EventsAsync(who.Grants, jobs, feed, lifetime.ApplicationStopping, cancellation));

    private static async IAsyncEnumerable<SseItem<IReadOnlyList<JobShape>>> EventsAsync(
        Grants grants, IJobStore jobs, IEventFeed feed, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellation);
        var newest = await jobs.ListAsync(new(Limit: Lists.DefaultLimit), cancellation);
        var open = await jobs.ListAsync(new(Open: true, Limit: Lists.MaxLimit), cancellation);
        var present = newest.Items.UnionBy(open.Items, job => job.Id).ToList();
        var version = present.Count == 0 ? 0 : present.Max(job => job.Version);
        yield return Event(present, grants, version);

        await using var changes = feed.ChangesAsync(version, ends.Token).GetAsyncEnumerator(ends.Token);
        while (await NextAsync(changes))
        {
            version = Math.Max(version, changes.Current.Max(job => job.Version));
            yield return Event(changes.Current, grants, version);
        }
    }

    /// <summary>The stream ends when the client goes or the server stops: neither is an error.</summary>
    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<IReadOnlyList<Job>> changes)
    {
        try
        {
            while (await changes.MoveNextAsync())
            {
                if (changes.Current.Count > 0) return true;
            }
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static SseItem<IReadOnlyList<JobShape>> Event(IEnumerable<Job> jobs, Grants grants, long version) =>
        new([.. jobs.Where(job => grants.Allows(job.Scope.Library)).Select(JobShape.Of)], EventType)
        {
            EventId = version.ToString(CultureInfo.InvariantCulture),
        };
}
