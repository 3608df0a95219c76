using System.Security.Cryptography;
using System.Text;
using Vitrine.Backends.Files;
using Vitrine.Core;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;

namespace Vitrine.Tests.Core;

/// <summary>What is made from a larger derivative, and what takes the long way after all.</summary>
public sealed class ShrinkingTests : IDisposable
{
    private static readonly ImageFacts Photo = new(new byte[32], 4000, 3000, "jpeg", 1, 1, [1], "aabbcc", false);

    private readonly string _folder = Directory.CreateTempSubdirectory("vitrine-shrinking-").FullName;
    private readonly FileDerivativeStore _files = new();
    private readonly FakeDecoders _decoders = new();
    private readonly List<string> _named = [];
    private long _shrunk, _memoryRefusals, _failed;
    private int _endedBefore;

    public ShrinkingTests() => _files.Create(_folder, Guid.NewGuid());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_has_a_larger_derivative_is_made_from_it_and_its_container_is_not_opened()
    {
        var lease = await LeaseAsync(("a", "picture a"), ("b", "picture b"));

        var ended = await RunAsync(lease);

        Assert.Equal(["picture a", "picture b"], _decoders.Shrunk);
        Assert.Empty(_decoders.Requests);
        Assert.Equal(2, _shrunk);
        Assert.All(ended, item =>
        {
            Assert.Equal((Outcome.Done, null, Photo, TimeSpan.FromMilliseconds(5)), (item.Outcome, item.VersionRead, item.Facts, item.Cost));
            Assert.Equal("thumbnail", item.Files.Single().Info.Preset);
        });
    }

    [Theory]
    [InlineData("bad"), InlineData("lacking")]
    public async Task What_does_not_come_out_is_made_from_its_original(string picture)
    {
        var ended = await RunAsync(await LeaseAsync(("a", "picture"), ("b", picture), ("c", null)));

        Assert.Equal(["a", "b", "c"], ended.Select(item => item.Item.Name));
        Assert.All(ended, item => Assert.Equal(Outcome.Done, item.Outcome));
        Assert.Equal(["b c"], _decoders.Requests.Select(request => string.Join(' ', request.Items)));
        Assert.Equal((1, 1), (_shrunk, _failed));
    }

    [Theory]
    [InlineData("gone"), InlineData("shorter"), InlineData("other bytes")]
    public async Task A_file_that_is_not_what_was_written_is_not_taken(string how)
    {
        var lease = await LeaseAsync(("a", "picture"));
        var path = Path.Combine(_folder, lease.Items[0].Larger!.FileName);
        if (how == "gone") File.Delete(path);
        else File.WriteAllText(path, how == "shorter" ? "pict" : "pictora");

        Assert.Equal(Outcome.Done, (await RunAsync(lease)).Single().Outcome);
        Assert.Empty(_decoders.Shrunk);
        Assert.Equal(["a"], _decoders.Requests.Single().Items);
        Assert.Equal((0, 1), (_shrunk, _failed));
    }

    [Fact]
    public async Task After_a_death_the_rest_is_made_from_originals_and_nothing_is_lost()
    {
        var ended = await RunAsync(await LeaseAsync(("a", "picture"), ("b", "crash"), ("c", "picture too")));

        Assert.Equal(["a", "b", "c"], ended.Select(item => item.Item.Name));
        Assert.All(ended, item => Assert.Equal(Outcome.Done, item.Outcome));
        Assert.Equal(["picture", "crash"], _decoders.Shrunk);
        Assert.Equal(["b c"], _decoders.Requests.Select(request => string.Join(' ', request.Items)));
    }

    /// <summary>What it took and never gave back would be missing to all that come after.</summary>
    [Fact]
    public async Task A_decoder_that_ran_out_of_memory_is_asked_for_nothing_more()
    {
        var ended = await RunAsync(await LeaseAsync(("a", "picture"), ("b", "hungry"), ("c", "picture too")));

        Assert.Equal(["a", "b", "c"], ended.Select(item => item.Item.Name));
        Assert.Equal(["picture", "hungry"], _decoders.Shrunk);
        Assert.Equal((2, 1), (_decoders.Started, _endedBefore));
        Assert.Equal(1, _memoryRefusals);
    }

    [Fact]
    public async Task Under_suspicion_each_is_named_and_made_from_its_original()
    {
        await RunAsync(await LeaseAsync(("a", "picture"), ("b", "picture too")) with { OneByOne = true });

        Assert.Empty(_decoders.Shrunk);
        Assert.Equal(["a", "b"], _named);
    }

    [Fact]
    public async Task A_run_that_is_stopped_hands_out_what_it_has_and_begins_nothing_more()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        Assert.Empty(await RunAsync(await LeaseAsync(("a", "picture"), ("b", null)), stop.Token));
        Assert.Empty(_decoders.Shrunk);
        Assert.Empty(_decoders.Requests);
    }

    [Theory]
    // A photograph: its smallest that is twice as large.
    [InlineData(4000, 3000, "thumbnail", "medium"), InlineData(4000, 3000, "medium", "full"), InlineData(4000, 3000, "display", "full"), InlineData(4000, 3000, "full", null)]
    [InlineData(4000, 3000, "thumbnail medium", "full")]
    // A small one, which no preset makes smaller than it is.
    [InlineData(640, 480, "thumbnail", "medium"), InlineData(639, 480, "thumbnail", null)]
    // What may come out as a drawing.
    [InlineData(4000, 200, "thumbnail", null), InlineData(4000, 800, "thumbnail", "medium")]
    public void The_smallest_that_is_large_enough_is_the_first_source(int width, int height, string wanted, string? first)
    {
        var sources = LargerDerivative.Sources(Presets(wanted), Preset.BuiltIn, Photo with { Width = width, Height = height });
        Assert.Equal(first, sources.FirstOrDefault()?.Name);
    }

    [Fact]
    public void What_is_animated_or_damaged_or_was_encoded_with_less_is_no_source()
    {
        var wanted = Presets("thumbnail");
        Assert.NotEmpty(LargerDerivative.Sources(wanted, Preset.BuiltIn, Photo));
        Assert.Empty(LargerDerivative.Sources(wanted, Preset.BuiltIn, Photo with { Frames = 2 }));
        Assert.Empty(LargerDerivative.Sources(wanted, Preset.BuiltIn, Photo with { Damaged = true }));
        Assert.Empty(LargerDerivative.Sources(wanted, [Preset.Display with { Quality = 79 }], Photo));
        Assert.Empty(LargerDerivative.Sources(wanted, [Preset.Display with { Format = DerivativeFormat.Webp }], Photo));
        Assert.Equal(["medium", "display", "full"], LargerDerivative.Sources(wanted, Preset.BuiltIn, Photo).Select(preset => preset.Name));
    }

    private static List<Preset> Presets(string names) => [.. names.Split(' ').Select(name => PresetSet.BuiltIn.Find(name)!)];

    /// <summary>Items by name, with the bytes of their larger derivative, or without one.</summary>
    private async Task<Lease> LeaseAsync(params (string Name, string? Picture)[] items)
    {
        var lease = FakeDecoders.LeaseOf([.. items.Select(item => item.Name)]);
        var larger = new List<WorkItem>();
        foreach (var (item, (_, picture)) in lease.Items.Zip(items)) larger.Add(item with { Larger = picture is null ? null : await StoreAsync(item.Item, picture) });
        return lease with { Items = larger };
    }

    private async Task<LargerDerivative> StoreAsync(long number, string picture)
    {
        var bytes = Encoding.UTF8.GetBytes(picture);
        var name = BlobName.Of(Preset.Display.KeyFor(Photo.ContentHash), new(1), number, "display", "image/jpeg").ToString();
        using (var staged = await _files.StageAsync(_folder, new(1), name, bytes, TestContext.Current.CancellationToken)) staged.Publish();
        return new(_folder, name, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), Photo);
    }

    private async Task<List<DerivedItem>> RunAsync(Lease lease, CancellationToken stop = default)
    {
        using var telemetry = new Telemetry();
        await using var pool = new DecoderPool(_decoders.StartAsync, 1, TimeProvider.System);
        await using var pools = new DecoderPools(pool);
        var originals = new Derivation(pools, telemetry, new() { CommitMilliseconds = 60_000 }, new(), TimeProvider.System);
        var shrinking = new ShrinkingDerivation(originals, pools, _files, telemetry, new());
        var ended = new List<DerivedItem>();
        await foreach (var group in shrinking.RunAsync(lease, DecoderLane.Work, new(Begin, () => Task.FromResult(true)), stop, TestContext.Current.CancellationToken)) ended.AddRange(group);
        (_shrunk, _failed, _memoryRefusals) = (telemetry.ImagesShrunk.Value, telemetry.ShrinksFailed.Value, telemetry.MemoryRefusals.Value);
        _endedBefore = _decoders.Ended;
        return ended;

        Task<bool> Begin(WorkItem item)
        {
            _named.Add(item.Name);
            return Task.FromResult(true);
        }
    }
}
