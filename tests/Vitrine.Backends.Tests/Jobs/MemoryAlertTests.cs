using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Backends.Tests.Specs;
using Vitrine.Backends.Tests.Sqlite;
using Vitrine.Core;
using Vitrine.Core.Alerts;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.Jobs;

public sealed class MemoryAlertTests : StoreSpec
{
    protected override Task<Store> OpenAsync() => SqliteStore.OpenAsync();

    [Fact]
    public async Task It_stands_from_the_first_refusal_until_an_hour_without_one()
    {
        using var telemetry = new Telemetry();
        using var service = new MemoryAlert(Store.Alerts, telemetry, Store.Time, NullLogger<MemoryAlert>.Instance);
        Assert.False(await StandsAsync(service));
        telemetry.MemoryRefusals.Add();
        Assert.True(await StandsAsync(service));
        Store.Time.Advance(TimeSpan.FromMinutes(50));
        telemetry.MemoryRefusals.Add();
        Assert.True(await StandsAsync(service));
        Store.Time.Advance(TimeSpan.FromMinutes(50));
        Assert.True(await StandsAsync(service));
        Store.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.False(await StandsAsync(service));
    }

    private async Task<bool> StandsAsync(MemoryAlert service)
    {
        await service.RunOnceAsync(Cancellation);
        return (await Store.Alerts.ListAsync(Grants.All, true, null, 10, Cancellation)).Items.Any(alert => alert.Code == AlertCode.DecoderMemory);
    }
}
