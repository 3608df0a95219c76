using Microsoft.Extensions.DependencyInjection;
using Vitrine.Core;
using Vitrine.Core.Alerts;
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

    /// <summary>Manages where there is nothing.</summary>
    public HttpClient ManagerOfNothing { get; private set; } = null!;

    public Job Job { get; private set; } = null!;

    public BatchId DeadBatch { get; private set; }

    /// <summary>One about the library.</summary>
    public AlertId Alert { get; private set; }

    public async ValueTask InitializeAsync()
    {
        await Full.InitializeAsync();
        await _empty.InitializeAsync();
        await _empty.SignInAsync("ada", Role.Admin);
        Nothing = await _empty.SignInAsync("vera", Role.Viewer, mayDownload: true);
        Manager = await Full.SignInAsync("mia", Role.CacheManager);
        ManagerOfNothing = await _empty.SignInAsync("mia", Role.CacheManager);
        await FillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _empty.DisposeAsync();
        await Full.DisposeAsync();
    }

    /// <summary>What the library has, beside the image: an open job, a batch that died, alerts, a schedule, a pin, and a view that was counted.</summary>
    private async Task FillAsync()
    {
        DeadBatch = await Full.DieAsync();
        var alerts = Full.Services.GetRequiredService<IAlertStore>();
        await alerts.RaiseAsync(OriginalDamagedAlert.For(Full.Library.Id, Full.Image), CancellationToken.None);
        await alerts.RaiseAsync(BrakeAlert.For(Full.Library.Id, Full.Library.Name, 1000, 0), CancellationToken.None);
        Alert = (await alerts.ListAsync(Grants.All, open: true, null, 1, CancellationToken.None)).Items[0].Id;
        Job = (await Full.Services.GetRequiredService<IJobStore>().AddAsync(new(Handler.Derive, new(Full.Library.Id, ["display"])), CancellationToken.None))!;
        var schedule = $$"""{"kind": "scan", "cron": "0 3 * * *", "libraryId": "{{Full.Library.Id}}"}""";
        using var added = await Full.Admin.PostAsync("/api/v1/cache/schedules", Answers.Body(schedule));
        using var pinned = await Full.Admin.PutAsync($"/api/v1/collections/{Collection}/pin", null);
        using var served = await Full.Admin.GetAsync($"/api/v1/images/{Full.Image}/thumbnail?v={Full.Hash}");
        Assert.True(added.IsSuccessStatusCode && pinned.IsSuccessStatusCode && served.IsSuccessStatusCode);
    }
}
