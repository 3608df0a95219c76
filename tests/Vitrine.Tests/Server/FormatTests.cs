using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.Decoding;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;
using Vitrine.Server.Health;

namespace Vitrine.Tests.Server;

/// <summary>Formats and what is not read, over the API.</summary>
public sealed class FormatTests(SeededServer server) : IClassFixture<SeededServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_row_of_the_table_is_listed_with_what_would_help()
    {
        var rows = (await Answers.JsonAsync(await server.Viewer.GetAsync("/api/v1/formats"))).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(FormatTable.Rows.Select(row => row.Name), rows.Select(row => row.GetProperty("name").GetString()));
        var svg = rows.Single(row => row.GetProperty("name").GetString() == "svg");
        Assert.Equal(("system", "optIn", false), (svg.GetProperty("flavour").GetString(), svg.GetProperty("access").GetString(), svg.GetProperty("read").GetBoolean()));
        Assert.Contains("Decoder.AllowSvg", svg.GetProperty("remedy").GetString());
        Assert.Equal(JsonValueKind.Null, rows.Single(row => row.GetProperty("name").GetString() == "psd").GetProperty("remedy").ValueKind);
    }

    [Fact]
    public async Task What_either_flavour_says_it_reads_is_read()
    {
        static StartDecoder Reading(params string[] formats) => (_, _, _) => Task.FromResult<IDecoder>(new Core.FakeDecoder(new(), DecoderLane.Viewing) { Formats = formats });
        await using var bundled = new DecoderPool(Reading("jpeg"), 1, TimeProvider.System);
        await using var system = new DecoderPool(Reading("heic"), 1, TimeProvider.System);
        var facts = new FormatFacts(new(bundled, system, new("/usr/lib", "libvips.so.42.16.1", ["heic"])));
        var states = (await facts.AllAsync(Cancellation)).ToDictionary(state => state.Row.Name);
        Assert.True(states["jpeg"].IsRead && states["heic"].IsRead);
        Assert.Contains("Decoder.AllowJxl", states["jxl"].Remedy);
        Assert.False(states["png"].IsRead);
    }

    [Fact]
    public async Task Files_that_a_scan_passed_over_are_counted_for_who_may_see_the_library()
    {
        var scan = (await server.Services.GetRequiredService<IJobStore>().AddAsync(new(Handler.Scan, new(server.Library.Id, ["thumbnail"])), Cancellation))!;
        var lease = (await server.Services.GetRequiredService<IBatchStore>().LeaseAsync(new("test"), Cancellation))!;
        Assert.Equal(scan.Id, lease.Job);
        var seen = new ScanSeen(new HashSet<ImageId> { server.Image }, new HashSet<CollectionId>());
        var step = new ScanStep(lease.Collection, [], [], true, Last: true, seen, new(1, 1, 1), Others: new Dictionary<string, int> { ["mp4"] = 2, [""] = 5 });
        await server.Services.GetRequiredService<ILibraryStore>().ApplyAsync(lease, step, Cancellation);
        await server.Services.GetRequiredService<ILedger>().CommitAsync(lease, [new(lease.Items[0].Item, Outcome.Done)], Cancellation);

        var path = $"/api/v1/libraries/{server.Library.Id}/unread";
        var files = (await Answers.JsonAsync(await server.Admin.GetAsync(path))).GetProperty("items").EnumerateArray()
            .Select(f => (f.GetProperty("extension").GetString(), f.GetProperty("kind").GetString(), f.GetProperty("listed").GetBoolean(), f.GetProperty("files").GetInt64()));
        Assert.Equal([("", "other", false, 5L), ("mp4", "video", false, 2L)], files);
        await Answers.IsProblemAsync(await server.Viewer.GetAsync(path), HttpStatusCode.NotFound, "not-found");
    }
}
