using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Tests.Server;

/// <summary>A server with a library that its viewer and its manager may not see, and one without a library at all.</summary>
public sealed class NoGrantServers : IAsyncLifetime
{
    public const string Collection = "1";

    private readonly TestServer _empty = new();

    public SeededServer Full { get; } = new();

    /// <summary>A viewer where there is nothing to see.</summary>
    public HttpClient Nothing { get; private set; } = null!;

    /// <summary>Manages the full one, and sees no library.</summary>
    public HttpClient Manager { get; private set; } = null!;

    public Job Job { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Full.InitializeAsync();
        await _empty.InitializeAsync();
        await _empty.SignInAsync("ada", Role.Admin);
        Nothing = await _empty.SignInAsync("vera", Role.Viewer, mayDownload: true);
        Manager = await Full.SignInAsync("mia", Role.CacheManager);
        await FillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _empty.DisposeAsync();
        await Full.DisposeAsync();
    }

    /// <summary>What the library has, beside the image: an open job, a schedule, a pin, and a view that was counted.</summary>
    private async Task FillAsync()
    {
        Job = (await Full.Services.GetRequiredService<IJobStore>().AddAsync(new(Handler.Derive, new(Full.Library.Id, ["display"])), CancellationToken.None))!;
        var schedule = $$"""{"kind": "scan", "cron": "0 3 * * *", "libraryId": "{{Full.Library.Id}}"}""";
        using var added = await Full.Admin.PostAsync("/api/v1/cache/schedules", Answers.Body(schedule));
        using var pinned = await Full.Admin.PutAsync($"/api/v1/collections/{Collection}/pin", null);
        using var served = await Full.Admin.GetAsync($"/api/v1/images/{Full.Image}/thumbnail?v={Full.Hash}");
        Assert.True(added.IsSuccessStatusCode && pinned.IsSuccessStatusCode && served.IsSuccessStatusCode);
    }
}
