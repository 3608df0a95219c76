using System.Globalization;
using System.Text;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Jobs;

/// <summary>A large library is scanned and made by the same workers: what is made before the covers of the first page is counted.</summary>
public sealed class FirstScreenTests
{
    private const int Workers = 2;
    private const int FirstPage = 50;

    private static readonly int Collections = Environment.GetEnvironmentVariable("VITRINE_LONG") == "1" ? 1000 : 100;

    private const int ImagesEach = 100;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_covers_of_the_first_page_are_made_before_more_than_a_few_others()
    {
        var record = new List<(int Collection, int Image)>();
        var tree = new WideTree(record);
        await using var engine = await Engine.StartAsync(new() { Workers = Workers, IdleSeconds = 1 }, e => tree.Over(e.Store));
        var library = (await engine.Store.Libraries.AddAsync(new("large", "/pictures/large", new(["thumbnail"], []), new("disk", "ext4")), Cancellation))!;
        var scan = (await engine.Store.Jobs.AddAsync(new(Handler.Scan, new(library.Id, library.Settings.Presets)), Cancellation))!;
        engine.StartWorkers();
        engine.Ring();
        var derive = (await engine.Store.Jobs.ListAsync(new(Parent: scan.Id), Cancellation)).Items.Single();
        await engine.UntilAsync(derive, job => job.IsOver);

        Assert.Equal(Collections * ImagesEach, record.Count(r => r.Image >= 0));
        var scanned = record.FindIndex(r => r == (FirstPage - 1, WideTree.Listed));
        var others = 0;
        var covers = record.Take(scanned).Count(IsFirstCover);
        foreach (var made in record.Skip(scanned).Where(r => r.Image >= 0))
        {
            if (covers == FirstPage) break;
            if (IsFirstCover(made)) covers++;
            else others++;
        }
        Assert.Equal(FirstPage, covers);
        Assert.True(others <= 100 + (64 * Workers), $"{others} other images were made before the covers of the first page.");

        // While it is being found, a batch of images goes between sixteen collections in the mean: far from one between each.
        var before = record.Take(scanned).Count(r => r.Image >= 0 && !IsCover(r));
        Assert.True(before <= FirstPage / 2 * 64, $"{before} images were made while the first page was found.");
    }

    private static bool IsCover((int Collection, int Image) made) => made.Image == 0;

    private static bool IsFirstCover((int Collection, int Image) made) => IsCover(made) && made.Collection < FirstPage;

    /// <summary>Scans a made-up tree of many collections, makes what is asked for, and notes the order of both.</summary>
    private sealed class WideTree(List<(int Collection, int Image)> record) : IBatchHandler
    {
        public const int Listed = -1;

        private Stores _store = null!;
        private Bookkeeper _work = null!;

        public WideTree Over(Stores store)
        {
            (_store, _work) = (store, new(store, new(store)));
            return this;
        }

        public async Task RunAsync(HeldLease held, DecoderLane lane)
        {
            var lease = held.Lease;
            if (lease.Handler == Handler.Derive)
            {
                lock (record) record.AddRange(lease.Items.Select(item => (Number(lease.Path.Text), Number(item.Name))));
                await _work.RunAsync(held, lane);
                return;
            }
            ScanStep step = lease.Path.IsRoot
                ? new(lease.Collection, [], [.. Enumerable.Range(0, Collections).Select(Container)], true, Last: true, Version: new(1, 1, 1))
                : new(lease.Collection, [.. Enumerable.Range(0, ImagesEach).Select(Picture)], [], true, Last: true, Version: new(1, 1, 1));
            await _store.Libraries.ApplyAsync(lease, step, held.Lost);
            if (!lease.Path.IsRoot) lock (record) record.Add((Number(lease.Path.Text), Listed));
            await _store.Ledger.CommitAsync(lease, [new(lease.Items[0].Item, Outcome.Done)], held.Lost);
        }

        private static FoundContainer Container(int number)
        {
            var name = Text(number);
            var key = Encoding.UTF8.GetBytes(name);
            return new(ContainerKind.Directory, SourcePath.FromBytes(key), name, key, new(1, 1, 1));
        }

        private static FoundImage Picture(int number) => new(RawName.FromText(Text(number)), 0, Text(number), Encoding.UTF8.GetBytes(Text(number)), new(1000, 1, 7));

        private static string Text(int number) => number.ToString("D5", CultureInfo.InvariantCulture);

        private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }
}
