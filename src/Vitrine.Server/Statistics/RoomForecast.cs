using Vitrine.Core.Jobs;
using Vitrine.Core.Statistics;

namespace Vitrine.Server.Statistics;

/// <summary>A forecast beside the room that there is.</summary>
internal sealed class RoomForecast(Forecaster forecaster, StorageLook storage, LiveOptions live)
{
    public async Task<ForecastShape> MakeAsync(JobScope scope, bool sample, CancellationToken cancellation) =>
        ForecastShape.Of(await forecaster.MakeAsync(scope, sample, cancellation), await storage.TakeAsync(cancellation), live.Current.WorkerCount);

    /// <summary>Why there is no room, without decoding anything: only where even what is likely at least does not fit. Null where it may.</summary>
    public async Task<string?> RefusalAsync(JobScope scope, CancellationToken cancellation)
    {
        var forecast = await forecaster.MakeAsync(scope, sample: false, cancellation);
        var least = forecast.Presets.Select(preset => preset with { Bytes = new(preset.Bytes.Low, 0) }).ToList();
        var missing = RoomPlan.Of(least, await storage.TakeAsync(cancellation)).Sum(room => room.MissingBytes);
        return missing == 0 ? null : $"At least {missing} bytes of it find no room: add a cache folder, raise a limit, or ask for fewer presets.";
    }
}
