using Microsoft.Extensions.Logging;

namespace Vitrine.Core.Derivatives;

/// <summary>
/// The presets as this node knows them: read at its start, after each change that it makes, and every few seconds for those of others. Drops what was made by retired
/// ones, a few images at a time.
/// </summary>
public sealed class Presets(IPresetStore store, TimeProvider time, ILogger<Presets> logger) : PeriodicService(Period, new Pulse(), time, logger)
{
    private const int ImagesAtOnce = 64;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private PresetSet _now = PresetSet.BuiltIn;

    public PresetSet Now => Volatile.Read(ref _now);

    public async Task RefreshAsync(CancellationToken cancellation) => Volatile.Write(ref _now, new(await store.ListAsync(cancellation)));

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        await RefreshAsync(cancellation);
        return await store.DropRetiredAsync(ImagesAtOnce, cancellation) > 0;
    }
}
