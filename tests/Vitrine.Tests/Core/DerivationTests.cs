using System.Text;
using Vitrine.Core;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Core;

public sealed class DerivationTests
{
    private long _memoryRefusals;
    private readonly FakeDecoders _decoders = new();
    private readonly FakeDecoders _system = new(DecoderFlavour.System);
    private readonly List<string> _named = [];
    private int _passed;

    [Fact]
    public async Task All_items_of_a_batch_are_one_request()
    {
        var ended = await RunAsync(FakeDecoders.LeaseOf("a", "b", "c"));

        Assert.Equal(["a", "b", "c"], ended.Select(e => e.Item.Name));
        Assert.All(ended, e => Assert.Equal(Outcome.Done, e.Outcome));
        Assert.Single(_decoders.Requests);
        Assert.Empty(_named);
    }

    [Fact]
    public async Task The_culprit_of_a_crash_is_named_and_the_others_are_done()
    {
        var ended = await RunAsync(FakeDecoders.LeaseOf("a", "crash", "b", "c"));

        Assert.Equal([("crash", Reason.Crashed)], ended.Where(e => e.Outcome == Outcome.Failed).Select(e => (e.Item.Name, e.Reason!)));
        Assert.Contains("signal 11", ended.Single(e => e.Outcome == Outcome.Failed).Message);
        Assert.Equal(["a", "b", "c"], ended.Where(e => e.Outcome == Outcome.Done).Select(e => e.Item.Name).Order());
        Assert.Contains("crash", _named);
    }

    [Fact]
    public async Task One_on_which_decoders_stand_still_is_tried_once_more_alone()
    {
        var ended = await RunAsync(FakeDecoders.LeaseOf("a", "hung", "b", "hung-once"));

        var hung = Assert.Single(ended, e => e.Outcome != Outcome.Done);
        Assert.Equal(("hung", Outcome.Failed, Reason.DecoderHung, 2), (hung.Item.Name, hung.Outcome, hung.Reason, hung.Tries));
        Assert.Equal(4, ended.Count);
        Assert.Single(_decoders.Requests, request => request.Items is ["hung"]);
    }

    /// <summary>What it took and never gave back would be missing to all that come after.</summary>
    [Fact]
    public async Task A_decoder_that_ran_out_of_memory_is_asked_for_nothing_more()
    {
        var ended = await RunAsync(FakeDecoders.LeaseOf("a", "hungry", "b", "c"));

        Assert.Equal([("hungry", Reason.OutOfMemory)], ended.Where(e => e.Outcome == Outcome.Failed).Select(e => (e.Item.Name, e.Reason!)));
        Assert.Equal(["a", "b", "c"], ended.Where(e => e.Outcome == Outcome.Done).Select(e => e.Item.Name).Order());
        Assert.Equal(["a hungry b c", "b c"], _decoders.Requests.Select(request => string.Join(' ', request.Items)));
    }

    [Fact]
    public async Task An_item_that_survives_alone_is_done_and_the_rest_goes_one_by_one()
    {
        var ended = await RunAsync(FakeDecoders.LeaseOf("crash-together", "a", "b"));

        Assert.All(ended, e => Assert.Equal(Outcome.Done, e.Outcome));
        Assert.Equal(3, ended.Count);
        Assert.All(_decoders.Requests.Skip(1), request => Assert.Single(request.Items));
    }

    /// <summary>The system's out-of-memory killer, or a person, takes a decoder at any moment: one death is no proof, not even alone.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_death_alone_does_not_condemn_an_item(bool oneByOne)
    {
        var ended = await RunAsync(FakeDecoders.LeaseOf("crash-together", "a", "killed-alone", "b") with { OneByOne = oneByOne });

        Assert.Equal(4, ended.Count);
        Assert.All(ended, e => Assert.Equal(Outcome.Done, e.Outcome));
    }

    [Fact]
    public async Task Deaths_between_items_condemn_a_container_only_where_nothing_was_done_between_them()
    {
        var ended = await RunAsync(FakeDecoders.LeaseOf(SourcePath.FromBytes(Encoding.UTF8.GetBytes("dies-at-times")), "a", "crash-together", "b", "c"));

        Assert.Equal(4, ended.Count);
        Assert.All(ended, e => Assert.Equal(Outcome.Done, e.Outcome));
    }

    [Fact]
    public async Task Every_item_has_one_result_when_each_of_them_crashes()
    {
        var ended = await RunAsync(FakeDecoders.LeaseOf([.. Enumerable.Repeat("crash", 5)]));

        Assert.Equal(5, ended.DistinctBy(e => e.Item.Item).Count());
        Assert.Equal(5, ended.Count);
        Assert.All(ended, e => Assert.Equal(Reason.Crashed, e.Reason));
    }

    [Fact]
    public async Task A_container_that_kills_two_decoders_fails_as_a_whole()
    {
        var ended = await RunAsync(FakeDecoders.LeaseOf(SourcePath.FromBytes(Encoding.UTF8.GetBytes("dies")), "a", "b"));

        Assert.All(ended, e => Assert.Equal(Reason.ArchiveCrashed, e.Reason));
        Assert.Equal(2, ended.Count);
        Assert.Equal(2, _decoders.Requests.Count);
    }

    [Fact]
    public async Task What_needs_more_memory_goes_alone_to_the_large_decoder()
    {
        var ended = await RunAsync(FakeDecoders.LeaseOf("a", "large", "b"));

        Assert.Equal(3, ended.Count);
        Assert.All(ended, e => Assert.Equal(Outcome.Done, e.Outcome));
        var large = Assert.Single(_decoders.Requests, request => request.Lane == DecoderLane.Large);
        Assert.Equal(["large"], large.Items);
    }

    [Fact]
    public async Task Dead_decoders_are_ended_and_living_ones_used_again()
    {
        await RunAsync(FakeDecoders.LeaseOf("a", "crash", "b"));

        // The first dies with others beside it, the second with the culprit alone; the third does the rest, and ends with the pool.
        Assert.Equal(3, _decoders.Started);
        Assert.Equal(_decoders.Started, _decoders.Ended);
    }

    [Fact]
    public async Task A_lease_that_is_lost_ends_the_run_before_the_next_item()
    {
        var ended = await RunAsync(FakeDecoders.LeaseOf("a", "b") with { OneByOne = true }, begin: item => item.Name != "b");

        Assert.Equal(["a"], ended.Select(e => e.Item.Name));
    }

    /// <summary>A decoder answers item by item; the second one asks for the stop while it is in hand.</summary>
    [Fact]
    public async Task A_run_that_is_asked_to_stop_ends_after_the_item_in_hand_and_hands_out_what_is_made()
    {
        using var stop = new CancellationTokenSource();
        _decoders.Begun = name =>
        {
            if (name == "b") stop.Cancel();
        };

        var ended = await RunAsync(FakeDecoders.LeaseOf("a", "b", "c", "d"), stop: stop.Token);

        Assert.Equal(["a", "b"], ended.Select(e => e.Item.Name));
        Assert.Single(_decoders.Requests);
    }

    [Fact]
    public async Task In_a_sequential_container_only_the_suspect_goes_alone()
    {
        var ended = await RunAsync(Sequential("a", "crash-together", "b", "crash", "c"));

        Assert.Equal(["crash"], ended.Where(e => e.Outcome == Outcome.Failed).Select(e => e.Item.Name));
        Assert.Equal(5, ended.Count);
        // What was not handed out when a decoder died is made again.
        Assert.Equal([5, 1, 4, 1, 3], _decoders.Requests.Select(request => request.Items.Length));
    }

    /// <summary>Who died with one original in hand may have died of the next.</summary>
    [Fact]
    public async Task Originals_of_a_sequential_container_are_read_ahead_until_a_decoder_dies()
    {
        await RunAsync(Sequential("a", "b", "crash", "c"));
        Assert.Equal([true, false, false], _decoders.Requests.Select(request => request.Ahead));

        _decoders.Requests.Clear();
        await RunAsync(Sequential("a", "b") with { OneByOne = true });
        await RunAsync(FakeDecoders.LeaseOf("a", "b"));
        Assert.All(_decoders.Requests, request => Assert.False(request.Ahead));
    }

    [Fact]
    public async Task A_decoder_that_ran_out_of_memory_in_a_sequential_container_ends_with_the_pass()
    {
        var ended = await RunAsync(Sequential("a", "hungry", "b"), then: Sequential("c"));

        Assert.Equal([("hungry", Reason.OutOfMemory)], ended.Where(e => e.Outcome == Outcome.Failed).Select(e => (e.Item.Name, e.Reason!)));
        Assert.Equal(["a hungry b", "c"], _decoders.Requests.Select(request => string.Join(' ', request.Items)));
        Assert.Equal(2, _decoders.Started);
    }

    [Fact]
    public async Task A_sequential_container_of_killers_ends_after_so_many_passes()
    {
        var ended = await RunAsync(Sequential([.. Enumerable.Range(0, 100).Select(_ => "crash")]));

        Assert.Equal(100, ended.DistinctBy(e => e.Item.Item).Count());
        Assert.Equal(16, _decoders.Requests.Count);
        Assert.Equal((7, 93), (ended.Count(e => e.Reason == Reason.Crashed), ended.Count(e => e.Reason == Reason.ArchiveCrashed)));
    }

    [Fact]
    public async Task What_needs_more_memory_in_a_sequential_container_is_one_more_pass()
    {
        var ended = await RunAsync(Sequential("a", "large", "b", "large", "large"));

        Assert.All(ended, e => Assert.Equal(Outcome.Done, e.Outcome));
        Assert.Equal([(DecoderLane.Work, 5), (DecoderLane.Large, 3)], _decoders.Requests.Select(request => (request.Lane, request.Items.Length)));
    }

    /// <summary>After two deaths of nodes the store wants to know what is in hand; that costs no pass for each item.</summary>
    [Fact]
    public async Task A_sequential_container_under_suspicion_is_named_item_by_item_in_one_pass()
    {
        var ended = await RunAsync(Sequential("a", "b", "c") with { OneByOne = true });

        Assert.Equal(["a", "b", "c"], _named);
        Assert.Equal(3, ended.Count);
        Assert.Single(_decoders.Requests);
    }

    [Fact]
    public async Task A_sequential_container_whose_lease_is_lost_ends_with_the_item()
    {
        await RunAsync(Sequential("a", "b", "c") with { OneByOne = true }, begin: item => item.Name != "b");

        Assert.Equal(["a", "b"], _named);
    }

    [Fact]
    public async Task What_is_passed_over_is_told_and_ends_the_run_where_the_lease_is_lost()
    {
        Assert.Equal(3, (await RunAsync(Sequential("a", "far", "far"))).Count);
        Assert.Equal(2, _passed);

        Assert.Empty(await RunAsync(Sequential("far", "a"), isOurs: false));
    }

    [Fact]
    public async Task What_the_bundled_flavour_cannot_read_goes_to_the_systems_in_one_request()
    {
        var ended = await RunAsync(FakeDecoders.LeaseOf("heic-1", "a", "heic-2", "b"), library: Library("heic"));

        Assert.All(ended, e => Assert.Equal(Outcome.Done, e.Outcome));
        Assert.Equal(["a", "b", "heic-1", "heic-2"], ended.Select(e => e.Item.Name));
        Assert.Equal(["heic-1", "heic-2"], Assert.Single(_system.Requests).Items);
        Assert.All(ended, e => Assert.Equal("fake 1 + libvips.so.42.16.1 (heic)", e.Decoder));
    }

    [Fact]
    public async Task Without_the_systems_library_it_is_skipped_with_what_would_help()
    {
        var ended = await RunAsync(FakeDecoders.LeaseOf("heic-1", "a"));

        var skipped = Assert.Single(ended, e => e.Outcome == Outcome.Skipped);
        Assert.Equal(Reason.Unsupported, skipped.Reason);
        Assert.Contains("apt install libvips42", skipped.Message);
        Assert.Equal(0, _system.Started);
    }

    [Fact]
    public async Task A_format_that_is_not_allowed_does_not_start_the_systems_flavour()
    {
        var ended = await RunAsync(FakeDecoders.LeaseOf("jxl-1"), library: Library("heic"));

        Assert.Contains("Decoder.AllowJxl", Assert.Single(ended).Message);
        Assert.Equal(0, _system.Started);
    }

    [Fact]
    public async Task A_library_that_reads_less_than_it_should_is_no_reason_to_ask_again()
    {
        var ended = await RunAsync(FakeDecoders.LeaseOf("heic-lacking"), library: Library("heic"));

        Assert.Equal(Reason.Unsupported, Assert.Single(ended).Reason);
        Assert.Contains("libheif-plugin-libde265", ended[0].Message);
        Assert.Single(_system.Requests);
    }

    [Fact]
    public async Task A_picture_that_crashes_the_systems_flavour_is_named_and_the_others_are_done()
    {
        var ended = await RunAsync(FakeDecoders.LeaseOf("a", "heic-crash", "heic-1"), library: Library("heic"));

        Assert.Equal([("heic-crash", Reason.Crashed)], ended.Where(e => e.Outcome == Outcome.Failed).Select(e => (e.Item.Name, e.Reason!)));
        Assert.Equal(["a", "heic-1"], ended.Where(e => e.Outcome == Outcome.Done).Select(e => e.Item.Name));
        Assert.Single(_decoders.Requests);
    }

    [Fact]
    public async Task Where_the_systems_flavour_does_not_start_its_pictures_are_skipped_and_the_others_done()
    {
        _system.Missing = true;
        var ended = await RunAsync(FakeDecoders.LeaseOf("heic-1", "a"), library: Library("heic"));

        Assert.Equal([("a", Outcome.Done, null), ("heic-1", Outcome.Skipped, Reason.Unsupported)], ended.Select(e => (e.Item.Name, e.Outcome, e.Reason)));
    }

    [Fact]
    public async Task A_sequential_container_is_read_once_more_for_all_that_the_systems_flavour_takes()
    {
        var ended = await RunAsync(Sequential("heic-1", "a", "heic-2", "b"), library: Library("heic"));

        Assert.All(ended, e => Assert.Equal(Outcome.Done, e.Outcome));
        Assert.Single(_decoders.Requests);
        Assert.Single(_system.Requests);
    }

    [Fact]
    public async Task Want_of_memory_is_counted()
    {
        await RunAsync(FakeDecoders.LeaseOf("a", "hungry", "bad", "hungry-2"));
        Assert.Equal(1, _memoryRefusals);
    }

    private static SystemLibrary Library(params string[] formats) => new("/usr/lib", "libvips.so.42.16.1", formats);

    private static Lease Sequential(params string[] names) => FakeDecoders.LeaseOf(names) with { Kind = ContainerKind.SolidRar };

    private async Task<List<DerivedItem>> RunAsync(Lease lease, Func<WorkItem, bool>? begin = null, SystemLibrary? library = null, bool isOurs = true, Lease? then = null, CancellationToken stop = default)
    {
        using var telemetry = new Telemetry();
        await using var pool = new DecoderPool(_decoders.StartAsync, 1, TimeProvider.System);
        await using var system = new DecoderPool(_system.StartAsync, 1, TimeProvider.System);
        var derivation = new Derivation(new(pool, system, library), telemetry, new() { CommitMilliseconds = 60_000 }, new(), TimeProvider.System);
        var ended = new List<DerivedItem>();
        foreach (var one in new[] { lease, then }.OfType<Lease>())
            await foreach (var group in derivation.RunAsync(one, DecoderLane.Work, new(Begin, Passed), stop, TestContext.Current.CancellationToken)) ended.AddRange(group);
        _memoryRefusals = telemetry.MemoryRefusals.Value;
        return ended;

        Task<bool> Passed()
        {
            _passed++;
            return Task.FromResult(isOurs);
        }

        Task<bool> Begin(WorkItem item)
        {
            _named.Add(item.Name);
            return Task.FromResult(begin?.Invoke(item) ?? true);
        }
    }
}
