using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Vitrine.Core;
using Vitrine.Core.Alerts;
using Vitrine.Server.Hosting;

namespace Vitrine.Tests.Server;

/// <summary>An original that is asked for is the one that was scanned, or 409.</summary>
public sealed class SwappedOriginalTests : SeededServer
{
    private string Path => System.IO.Path.Combine(Root, Name);

    private string Original => $"/api/v1/images/{Image}/original";

    [Fact]
    public async Task A_link_in_its_place_is_a_conflict_and_a_security_event_wherever_it_leads()
    {
        var written = File.GetLastWriteTimeUtc(Path);
        var (inside, outside) = (System.IO.Path.Combine(Root, "copy"), System.IO.Path.Combine(Folder, "secret"));
        foreach (var (target, count) in new[] { (inside, 1), (outside, 2) })
        {
            // The same bytes at the same time: nothing but the link tells.
            await File.WriteAllBytesAsync(target, OriginalBytes, TestContext.Current.CancellationToken);
            File.SetLastWriteTimeUtc(target, written);
            File.Delete(Path);
            File.CreateSymbolicLink(Path, target);
            await Answers.IsProblemAsync(await Admin.GetAsync(Original), HttpStatusCode.Conflict, "source-changed");
            Assert.Equal(count, Services.GetRequiredService<Telemetry>().PathsRefused.Value);
        }

        await Services.GetRequiredService<RefusedPathAlert>().RunOnceAsync(TestContext.Current.CancellationToken);
        var alerts = (await Answers.JsonAsync(await Admin.GetAsync("/api/v1/alerts"))).GetProperty("items").EnumerateArray();
        var alert = Assert.Single(alerts, a => a.GetProperty("code").GetString() == "path-refused");
        Assert.Equal(($"library/{Library.Id}", Root), (alert.GetProperty("subject").GetString(), alert.GetProperty("path").GetString()));
        Assert.DoesNotContain(Root, alert.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_on_the_way_that_became_a_link_is_refused_too()
    {
        Directory.Move(Root, Root + "-moved");
        Directory.CreateDirectory(Root);
        File.CreateSymbolicLink(Path, System.IO.Path.Combine(Root + "-moved", Name));
        await Answers.IsProblemAsync(await Admin.GetAsync(Original), HttpStatusCode.Conflict, "source-changed");
    }

    [Theory]
    [InlineData("bytes"), InlineData("time"), InlineData("size")]
    public async Task Another_version_is_a_conflict(string what)
    {
        var written = File.GetLastWriteTimeUtc(Path);
        if (what == "time") File.SetLastWriteTimeUtc(Path, written.AddTicks(1));
        else if (what == "size") await File.WriteAllBytesAsync(Path, OriginalBytes[1..], TestContext.Current.CancellationToken);
        else await File.WriteAllBytesAsync(Path, new byte[OriginalBytes.Length], TestContext.Current.CancellationToken);
        if (what == "size") File.SetLastWriteTimeUtc(Path, written);
        await Answers.IsProblemAsync(await Admin.GetAsync(Original), HttpStatusCode.Conflict, "source-changed");
    }

    [Fact]
    public async Task What_is_no_file_any_more_is_not_there()
    {
        File.Delete(Path);
        Directory.CreateDirectory(Path);
        await Answers.IsProblemAsync(await Admin.GetAsync(Original), HttpStatusCode.NotFound, "source-unavailable");
    }

    [Fact]
    public void A_line_of_the_log_is_one_line()
    {
        var lines = new ConsoleLines(new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        using var text = new StringWriter();
        var entry = new LogEntry<string>(LogLevel.Warning, "Vitrine", new(7), "a\u001b[2J\nfail: forged\u202E", null, (state, _) => state);
        lines.Write(entry, null, text);
        Assert.Equal($"2026-01-01T00:00:00.000Z warn: Vitrine[7] a\\u001B[2J\\u000Afail: forged\\u202E{Environment.NewLine}", text.ToString());
    }
}
