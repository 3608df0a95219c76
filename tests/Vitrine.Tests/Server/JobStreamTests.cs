using System.Net.ServerSentEvents;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;
using Vitrine.Server.Jobs;

namespace Vitrine.Tests.Server;

/// <summary>The stream over the real store, by a clock of the test's own.</summary>
public sealed class JobStreamTests : IAsyncLifetime
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-test-").FullName;
    private readonly CancellationTokenSource _stopping = new();
    private readonly LiveOptions _live = new(new());
    private Stores _store = null!;
    private Library _library = null!;
    private Job _job = null!;
    private Access? _access = new(default, "vera", Role.Viewer, Grants.All, Scopes.View);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await Stores.OpenSqliteAsync(_folder, _time, Cancellation);
        _library = (await _store.Libraries.AddAsync(new("one", "/pictures/one", LibrarySettings.Default, new("disk", "ext4")), Cancellation))!;
        _job = await AddAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _stopping.Dispose();
        _live.Dispose();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_present_state_comes_first_whatever_was_seen_before()
    {
        await using var events = Open();
        var first = await NextAsync(events);
        Assert.Equal((JobStream.Changed, _job.Id), (first.EventType, Assert.Single(first.Data).Id));
        Assert.Equal(_job.Version.ToString(System.Globalization.CultureInfo.InvariantCulture), first.EventId);
    }

    [Fact]
    public async Task A_job_that_changes_often_comes_four_times_a_second_in_its_newest_form()
    {
        await using var events = Open();
        await NextAsync(events);
        for (var round = 0; round < 4; round++)
        {
            var next = events.MoveNextAsync().AsTask();
            for (var i = 0; i < 5; i++)
            {
                await ControlAsync(new JobCommand.Hold(Holds.User));
                await ControlAsync(new JobCommand.Lift(Holds.User));
            }
            _time.Advance(JobStream.Pause - Moment);
            Assert.False(next.IsCompleted, "An event came within its pause.");
            _time.Advance(Moment);
            Assert.True(await next);
            Assert.Equal((await _store.Jobs.GetAsync(_job.Id, Cancellation))!.Version, Assert.Single(events.Current.Data).Version);
        }
    }

    [Fact]
    public async Task Without_changes_a_heartbeat_comes_at_least_each_fifteen_seconds()
    {
        Assert.True(JobStream.LookPeriod <= TimeSpan.FromSeconds(15));
        await using var events = Open();
        await NextAsync(events);
        for (var i = 0; i < 3; i++)
        {
            var beat = await AfterLookAsync(events);
            Assert.Equal((JobStream.Heartbeat, 0), (beat.EventType, beat.Data.Count));
        }
    }

    [Fact]
    public async Task What_a_job_waits_for_is_said_anew_though_nothing_else_of_it_changed()
    {
        await using var events = Open();
        Assert.Equal(Wait.NoWorkers, Assert.Single(Assert.Single((await NextAsync(events)).Data).Waits).Code);
        await _store.Nodes.BeatAsync(new("node"), 2, [], Cancellation);
        var told = Assert.Single((await AfterLookAsync(events)).Data);
        Assert.Equal((_job.Version, Wait.Planning), (told.Version, Assert.Single(told.Waits).Code));
        Assert.Equal(JobStream.Heartbeat, (await AfterLookAsync(events)).EventType);
    }

    [Fact]
    public async Task A_grant_that_is_taken_away_ends_what_is_seen()
    {
        await using var events = Open();
        await NextAsync(events);
        _access = _access! with { Grants = Grants.Of([]) };
        Assert.Equal(JobStream.Heartbeat, (await AfterLookAsync(events)).EventType);
        await ControlAsync(new JobCommand.Cancel());
        Assert.Equal(JobStream.Heartbeat, (await AfterLookAsync(events)).EventType);
    }

    [Fact]
    public async Task What_is_not_granted_is_not_there_at_the_beginning_either()
    {
        _access = _access! with { Grants = Grants.Of([new(999)]) };
        await using var events = Open();
        Assert.Empty((await NextAsync(events)).Data);
    }

    [Fact]
    public async Task It_ends_with_the_session()
    {
        await using var events = Open();
        await NextAsync(events);
        _access = null;
        var next = events.MoveNextAsync().AsTask();
        _time.Advance(JobStream.LookPeriod);
        Assert.False(await next);
    }

    [Fact]
    public async Task It_ends_without_an_error_when_the_server_stops()
    {
        await using var events = Open();
        await NextAsync(events);
        var next = events.MoveNextAsync().AsTask();
        await _stopping.CancelAsync();
        Assert.False(await next);
    }

    private IAsyncEnumerator<SseItem<IReadOnlyList<JobShape>>> Open()
    {
        var presets = new Presets(_store.Presets, _time, NullLogger<Presets>.Instance);
        var stream = new JobStream(_store.Jobs, _store.Events, new(new(_store.Nodes, _live, new(_time)), _store.Statistics, presets, _time), _time);
        return stream.EventsAsync((_, _) => ValueTask.FromResult(_access), _stopping.Token, Cancellation).GetAsyncEnumerator(Cancellation);
    }

    private static async Task<SseItem<IReadOnlyList<JobShape>>> NextAsync(IAsyncEnumerator<SseItem<IReadOnlyList<JobShape>>> events)
    {
        Assert.True(await events.MoveNextAsync());
        return events.Current;
    }

    private async Task<SseItem<IReadOnlyList<JobShape>>> AfterLookAsync(IAsyncEnumerator<SseItem<IReadOnlyList<JobShape>>> events)
    {
        var next = events.MoveNextAsync().AsTask();
        _time.Advance(JobStream.LookPeriod);
        Assert.True(await next);
        return events.Current;
    }

    private async Task<Job> AddAsync() => (await _store.Jobs.AddAsync(new(Handler.Derive, new(_library.Id, ["thumbnail"])), Cancellation))!;

    private async Task ControlAsync(JobCommand command) => Assert.True(await _store.Jobs.ControlAsync(_job.Id, command, Cancellation));
}
