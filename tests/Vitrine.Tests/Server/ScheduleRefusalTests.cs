using System.Net;

namespace Vitrine.Tests.Server;

/// <summary>Schedules that cannot be kept, asked of one server: none of them leaves anything behind.</summary>
public sealed class ScheduleRefusalTests(SeededServer server) : IClassFixture<SeededServer>
{
    private const string Route = "/api/v1/cache/schedules";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"kind": "verify", "cron": "never"}""", "bad-cron")]
    [InlineData("""{"kind": "verify", "cron": "0 0 30 2 *"}""", "bad-cron")]
    [InlineData("""{"kind": "verify", "cron": "0 3 * * *", "timeZone": "Europe/Atlantis"}""", "unknown-time-zone")]
    [InlineData("""{"kind": "verify", "cron": "0 3 * * *", "timeZone": ""}""", "unknown-time-zone")]
    [InlineData("""{"kind": "dance", "cron": "0 3 * * *"}""", "bad-kind")]
    [InlineData("""{"kind": "1", "cron": "0 3 * * *"}""", "bad-kind")]
    [InlineData("""{"kind": "scan", "cron": "0 3 * * *"}""", "unknown-library")]
    [InlineData("""{"kind": "scan", "cron": "0 3 * * *", "libraryId": "999"}""", "unknown-library")]
    [InlineData("""{"kind": "clean", "cron": "0 3 * * *", "libraryId": "1"}""", "unknown-library")]
    [InlineData("""{"kind": "clean", "cron": "0 3 * * *", "mode": "overwrite"}""", "bad-mode")]
    [InlineData("""{"kind": "verify"}""", "bad-request")]
    public async Task What_cannot_be_kept_is_refused_with_its_code(string body, string code) =>
        await Answers.IsProblemAsync(await server.Admin.PostAsync(Route, Answers.Body(body), Cancellation), HttpStatusCode.BadRequest, code);
}
