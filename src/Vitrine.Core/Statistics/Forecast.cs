namespace Vitrine.Core.Statistics;

/// <summary>What a job will come to, before it is started.</summary>
/// <param name="Images">That lack one of the presets.</param>
/// <param name="Bytes">Of all files; one that is shared with another image is not made, so this is the most.</param>
/// <param name="Processor">Of decoders, on one worker.</param>
/// <param name="Presets">Largest first.</param>
/// <param name="Sample">What it stands on.</param>
public sealed record Forecast(long Images, Estimate Bytes, Estimate Processor, IReadOnlyList<PresetForecast> Presets, ForecastSample Sample)
{
    public long Files => Presets.Sum(preset => preset.Files);

    /// <summary>With so many workers that have nothing else to do.</summary>
    public TimeSpan TimeWith(int workers) => TimeSpan.FromMilliseconds(Processor.Total / Math.Max(1, workers));
}

public sealed record PresetForecast(string Preset, long Files, Estimate Bytes);

public enum ForecastBasis
{
    /// <summary>Images of the job itself, decoded into nothing.</summary>
    Sample,

    /// <summary>What the library's derivatives take on average.</summary>
    Library,

    /// <summary>What derivatives of all libraries take on average.</summary>
    Libraries,

    /// <summary>What photographs usually come to: nothing is known here yet.</summary>
    Usual,
}

/// <param name="Images">Decoded for it.</param>
public sealed record ForecastSample(ForecastBasis Basis, int Images, TimeSpan Took);

/// <summary>Images of a scope, drawn with equal chances.</summary>
/// <param name="Images">In the whole scope.</param>
public sealed record Drawing(long Images, IReadOnlyList<DrawnImage> Drawn);

/// <param name="Extension">Lower-case, with its dot.</param>
/// <param name="Size">Of the original, bytes.</param>
/// <param name="Missing">Of the presets asked for, those that it lacks, or has by another recipe (all with force).</param>
public sealed record DrawnImage(ImageId Id, string Extension, long Size, bool Sequential, IReadOnlyList<string> Missing);
