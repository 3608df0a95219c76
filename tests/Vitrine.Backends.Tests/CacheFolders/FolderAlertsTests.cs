using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Core.Alerts;
using Vitrine.Core.CacheFolders;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Users;

namespace Vitrine.Backends.Tests.CacheFolders;

/// <summary>Disks in trouble have one alert each, named by what is wrong, and lose it when they are well.</summary>
public sealed class FolderAlertsTests : IAsyncLifetime
{
    private FolderScene _scene = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _scene = await FolderScene.OpenAsync();

    public ValueTask DisposeAsync() => _scene.DisposeAsync();

    [Fact]
    public async Task A_folder_that_goes_and_comes_back_has_its_alert_meanwhile()
    {
        var folder = await _scene.AddAsync("cache");
        using var alerts = Alerts();
        await _scene.RunAsync(alerts, async () => (await OpenAsync()).Count == 0);
        Directory.Move(folder.Path, _scene.PathOf("away"));
        await _scene.RunAsync(Alerts(), async () => (await OpenAsync()).SequenceEqual([(AlertCode.FolderMissing, $"folder/{folder.Id}")]));
        Directory.Move(_scene.PathOf("away"), folder.Path);
        await _scene.RunAsync(Alerts(), async () => (await OpenAsync()).Count == 0);
        File.Delete(Path.Combine(folder.Path, Backends.Files.FileDerivativeStore.MarkerName));
        await _scene.RunAsync(Alerts(), async () => (await OpenAsync()).SequenceEqual([(AlertCode.FolderNotOurs, $"folder/{folder.Id}")]));
    }

    [Theory]
    [InlineData(28, FolderFault.Full, AlertCode.FolderDiskFull)]
    [InlineData(122, FolderFault.Full, AlertCode.FolderDiskFull)]
    [InlineData(30, FolderFault.ReadOnly, AlertCode.FolderReadOnly)]
    [InlineData(5, FolderFault.Failing, AlertCode.FolderFailing)]
    public void What_the_system_says_is_named(int error, FolderFault fault, string code)
    {
        Assert.Equal(fault, DiskErrors.FaultOf(new IOException("as it says", error)));
        var state = State(new(new(7), "/c", default, 0, 100, 0, [], true, 0, 0, 0)) with { Fault = fault };
        var alert = FolderAlert.For(state, code)!;
        Assert.Equal((code, "folder/7", "/c"), (alert.Code, alert.Subject, alert.Path));
        Assert.DoesNotContain("/c", alert.Message, StringComparison.Ordinal);
        Assert.Single(FolderAlert.Codes, known => FolderAlert.For(state, known) is not null);
    }

    [Fact]
    public void Below_its_floor_is_said_of_a_folder_that_is_in_use()
    {
        var state = State(new(new(7), "/c", default, 0, 100, 1000, [], true, 0, 0, 0));
        Assert.Contains("floor of 1000", FolderAlert.For(state, AlertCode.FolderBelowFloor)!.Message, StringComparison.Ordinal);
        Assert.Null(FolderAlert.For(state with { Folder = state.Folder with { Active = false } }, AlertCode.FolderBelowFloor));
        Assert.Null(FolderAlert.For(state with { FreeBytes = 1000 }, AlertCode.FolderBelowFloor));
    }

    [Fact]
    public void What_found_no_room_names_folders_and_bytes()
    {
        var state = State(new(new(7), "/full", default, 0, 100, 0, [], true, 1, 99, 0));
        var alert = NoRoomAlert.For(new([state], 0), 12345);
        Assert.Contains("12345 bytes", alert.Message, StringComparison.Ordinal);
        Assert.Contains("cache folder 7 (limit 100 bytes)", alert.Message, StringComparison.Ordinal);
        Assert.False(NoRoomAlert.IsOver(new([state], 0)));
        Assert.True(NoRoomAlert.IsOver(new([state with { Folder = state.Folder with { Bytes = 50 } }], 0)));
        Assert.False(NoRoomAlert.IsOver(new([state with { Folder = state.Folder with { Bytes = 50 } }], 46)));
    }

    /// <summary>A preset whose folders are all away waits; one that no folder is meant for, or that has no room, is left out.</summary>
    [Fact]
    public void What_is_away_is_told_from_what_has_no_room()
    {
        var (away, full) = (State(new(new(1), "/a", default, 0, 100, 0, ["display"], true, 0, 0, 0)) with { Writable = false }, State(new(new(2), "/b", default, 0, 100, 0, ["thumbnail"], true, 0, 100, 0)));
        Assert.True(Placement.IsAway([away, full], "display"));
        Assert.False(Placement.IsAway([away, full], "thumbnail"));
        Assert.False(Placement.IsAway([away, full], "full"));
        Assert.False(Placement.IsAway([away with { Folder = away.Folder with { Active = false } }], "display"));
    }

    private static FolderState State(CacheFolder folder) => new(folder, 999, true, 0);

    private FolderAlerts Alerts() => new(_scene.States, _scene.Store.Alerts, _scene.Store.Time, NullLogger<FolderAlerts>.Instance);

    private async Task<List<(string, string)>> OpenAsync() => [.. (await _scene.Store.Alerts.ListAsync(Grants.All, true, null, 10, Cancellation)).Items.Select(a => (a.Code, a.Subject))];
}
