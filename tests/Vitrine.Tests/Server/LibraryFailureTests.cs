using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.Jobs;
using Vitrine.Core.Libraries;

namespace Vitrine.Tests.Server;

/// <summary>The standing failures of a library, over the API.</summary>
public sealed class LibraryFailureTests(SeededServer server) : IClassFixture<SeededServer>
{
    private string Path => $"/api/v1/libraries/{server.Library.Id}/failures";

    [Fact]
    public async Task Who_may_not_see_the_library_is_told_as_of_one_that_is_not_there()
    {
        await Answers.IsProblemAsync(await server.Viewer.GetAsync(Path), HttpStatusCode.NotFound, "not-found");
        await Answers.IsProblemAsync(await server.Admin.GetAsync("/api/v1/libraries/999/failures"), HttpStatusCode.NotFound, "not-found");
        await Answers.IsProblemAsync(await server.Admin.GetAsync($"{Path}?cursor=7"), HttpStatusCode.BadRequest, "bad-cursor");
    }

    [Fact]
    public async Task What_fails_on_demand_stands_without_a_job()
    {
        Assert.Equal(0, (await Answers.JsonAsync(await server.Admin.GetAsync(Path))).GetProperty("items").GetArrayLength());

        var batches = server.Services.GetRequiredService<IBatchStore>();
        await batches.AddAsync(new BatchAddition.OnDemand(server.Image, ["full"]), CancellationToken.None);
        var lease = (await batches.LeaseAsync(new("test"), CancellationToken.None))!;
        var failed = new ItemResult(server.Image.Value, Outcome.Failed, Reason.Corrupt, VersionRead: lease.Items[0].Version);
        await server.Services.GetRequiredService<ILedger>().CommitAsync(lease, [failed], CancellationToken.None);

        var failure = Assert.Single((await Answers.JsonAsync(await server.Admin.GetAsync(Path))).GetProperty("items").EnumerateArray());
        Assert.Equal((SeededServer.Name, "corrupt", "derive"),
            (failure.GetProperty("source").GetString(), failure.GetProperty("code").GetString(), failure.GetProperty("type").GetString()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, failure.GetProperty("jobId").ValueKind);
    }
}
