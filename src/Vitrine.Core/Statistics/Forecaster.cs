using Vitrine.Core.Decoding;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Core.Statistics;

/// <summary>
/// Says what a job will come to. It draws images of the job with equal chances, makes some of them into nothing until the error is small, and reckons from those to
/// all. Where none can be made it goes by averages, and says so. The same question has the same answer while nothing changes.
/// </summary>
public sealed class Forecaster(IStatisticsStore statistics, SampleMaker maker, Presets presets, TimeProvider time) : IDisposable
{
    /// <summary>Looked at in the catalog; a smaller scope is looked at whole.</summary>
    public const int MostDrawn = 2048;

    /// <summary>Decoded at most. Photographs of one kind need 50 to 100; a mixture with icons needs more, and icons are quick.</summary>
    public const int MostMade = 256;

    /// <summary>Fewer give no error that means anything.</summary>
    private const int LeastMade = 32;

    /// <summary>Small enough that nineteen of twenty forecasts are within 6%.</summary>
    private const double WantedError = 0.03;

    private const int MostUnread = 8;

    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(30);

    /// <summary>One at a time: decoding for a forecast is nobody's work yet.</summary>
    private readonly Permits _one = new(1);

    public async Task<Forecast> MakeAsync(JobScope scope, bool sample, CancellationToken cancellation)
    {
        var drawing = await statistics.DrawAsync(scope, MostDrawn, cancellation);
        var made = new List<MadeImage>();
        var started = time.GetTimestamp();
        if (sample) made = await SampleAsync(drawing, cancellation);
        var took = time.GetElapsedTime(started);
        return made.Count >= Math.Min(LeastMade, Wanted(drawing).Count)
            ? FromSample(scope, drawing, made, took)
            : FromMeans(scope, drawing, await statistics.ReadAsync(Grants.All, cancellation), new(await statistics.CostsAsync(cancellation)));
    }

    public void Dispose() => _one.Dispose();

    private async Task<List<MadeImage>> SampleAsync(Drawing drawing, CancellationToken cancellation)
    {
        var (made, unread, started) = (new List<MadeImage>(), 0, time.GetTimestamp());
        await _one.TakeAsync(cancellation);
        try
        {
            var plan = new SamplePlan(Wanted(drawing));
            while (plan.Next() is { } image)
            {
                if (await maker.MakeAsync(image, cancellation) is not { } one)
                {
                    if (++unread > MostUnread + made.Count) break;
                    continue;
                }
                made.Add(one);
                plan.Add(image, one.Total);
                if (made.Count >= MostMade || time.GetElapsedTime(started) > MostTime || IsEnough(drawing, made)) break;
            }
        }
        catch (DecoderUnavailableException)
        {
            // Then there is no sample, which the answer says.
        }
        finally
        {
            _one.Give();
        }
        return made;
    }

    private static bool IsEnough(Drawing drawing, List<MadeImage> made) =>
        made.Count >= LeastMade && made.Count % 8 == 0 && FrameOf(drawing).Sum([.. made.Select(m => (m.Class, (double)m.Total))]).RelativeError < WantedError;

    private Forecast FromSample(JobScope scope, Drawing drawing, List<MadeImage> made, TimeSpan took)
    {
        var frame = FrameOf(drawing);
        var each = InOrder(scope).Select(preset =>
        {
            var of = FrameOf(drawing, preset);
            return new PresetForecast(preset, (long)of.Wanted, of.Sum([.. made.Where(m => m.Bytes.ContainsKey(preset)).Select(m => (m.Class, (double)m.Bytes[preset]))]));
        }).ToList();
        return new(
            (long)frame.Wanted, frame.Sum([.. made.Select(m => (m.Class, (double)m.Total))]),
            frame.Sum([.. made.Select(m => (m.Class, m.Processor.TotalMilliseconds))]), each, new(ForecastBasis.Sample, made.Count, took));
    }

    private Forecast FromMeans(JobScope scope, Drawing drawing, CacheStatistics read, MeanCosts costs)
    {
        var basis = ForecastBasis.Sample;
        var (bytes, processor) = (default(Estimate), default(Estimate));
        var each = new List<PresetForecast>();
        foreach (var preset in InOrder(scope))
        {
            var (mean, error, of) = UsualSizes.Of(read, scope.Library, preset);
            var frame = FrameOf(drawing, preset);
            each.Add(new(preset, (long)frame.Wanted, frame.Times(mean, error)));
            // Averages err together: their errors add up.
            bytes = Sum(bytes, each[^1].Bytes);
            processor = Sum(processor, frame.Times(UsualSizes.MillisecondsOf(costs, scope.Library, preset), error));
            if (of > basis) basis = of;
        }
        return new((long)FrameOf(drawing).Wanted, bytes, processor, each, new(basis, 0, TimeSpan.Zero));
    }

    private static Estimate Sum(Estimate one, Estimate other) => new(one.Total + other.Total, one.StandardError + other.StandardError);

    private IEnumerable<string> InOrder(JobScope scope) => presets.Now.All.Select(preset => preset.Name).Where(scope.Presets.Contains).Reverse();

    private static List<DrawnImage> Wanted(Drawing drawing) => [.. drawing.Drawn.Where(image => image.Missing.Count > 0)];

    private static Frame FrameOf(Drawing drawing, string? preset = null) => new(
        drawing.Images, drawing.Drawn.Count,
        [.. drawing.Drawn.Where(image => preset is null ? image.Missing.Count > 0 : image.Missing.Contains(preset)).Select(ImageClass.Of)]);
}
