using Vitrine.Core.Jobs;
using Vitrine.Core.Statistics;

namespace Vitrine.Server.Statistics;

/// <param name="CollectionIds">At most 10,000; absent or null: all of the library.</param>
/// <param name="ImageIds">At most 10,000; absent or null: all of the collections.</param>
/// <param name="Presets">Absent or null: the library's.</param>
/// <param name="Force">Also what is there already, anew.</param>
/// <param name="Sample">Whether some images are decoded for it, which takes up to half a minute; else it goes by averages.</param>
internal sealed record ForecastRequest(
    LibraryId LibraryId, IReadOnlyList<CollectionId>? CollectionIds = null, IReadOnlyList<ImageId>? ImageIds = null, IReadOnlyList<string>? Presets = null,
    bool Force = false, bool Sample = true);

/// <param name="Images">That lack one of the presets.</param>
/// <param name="Files">That they lack.</param>
/// <param name="Bytes">Expected; files that images share are counted for each, so that it is rather too much.</param>
/// <param name="Hours">With all workers and nothing else to do.</param>
/// <param name="Basis">What it stands on.</param>
/// <param name="SampledImages">Decoded for it.</param>
/// <param name="Room">Whether the cache folders can take it: the worst of the presets.</param>
/// <param name="Code">no-room where they cannot; null else.</param>
/// <param name="MissingBytes">What finds no room.</param>
/// <param name="Presets">Smallest first, which is also the order in which room is given out.</param>
internal sealed record ForecastShape(
    long Images, long Files, RangeShape Bytes, RangeShape Hours, ForecastBasis Basis, int SampledImages, double SampleSeconds, RoomVerdict Room, string? Code,
    long MissingBytes, IReadOnlyList<PresetForecastShape> Presets)
{
    public static ForecastShape Of(Forecast forecast, StorageUse storage, int workers)
    {
        var rooms = RoomPlan.Of(forecast.Presets, storage);
        var worst = rooms.Select(room => room.Verdict).DefaultIfEmpty().Max();
        return new(
            forecast.Images, forecast.Files, RangeShape.Of(forecast.Bytes, 1, 0), RangeShape.Of(forecast.Processor, 3_600_000.0 * Math.Max(1, workers), 5), forecast.Sample.Basis,
            forecast.Sample.Images, Math.Round(forecast.Sample.Took.TotalSeconds, 2), worst, worst == RoomVerdict.NoRoom ? Reason.NoRoom : null,
            rooms.Sum(room => room.MissingBytes), [.. rooms.Select(room => PresetForecastShape.Of(room, forecast.Presets.Single(preset => preset.Preset == room.Preset)))]);
    }
}

internal sealed record PresetForecastShape(string Preset, long Files, RangeShape Bytes, RoomVerdict Room, long MissingBytes)
{
    public static PresetForecastShape Of(PresetRoom room, PresetForecast preset) =>
        new(preset.Preset, preset.Files, RangeShape.Of(preset.Bytes, 1, 0), room.Verdict, room.MissingBytes);
}

/// <param name="Low">Nineteen of twenty are between low and high.</param>
internal sealed record RangeShape(double Expected, double StandardError, double Low, double High)
{
    public static RangeShape Of(Estimate estimate, double unit, int digits)
    {
        return new(In(estimate.Total), In(estimate.StandardError), In(estimate.Low), In(estimate.High));

        double In(double value) => Math.Round(value / unit, digits);
    }
}
