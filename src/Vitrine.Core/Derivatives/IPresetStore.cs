namespace Vitrine.Core.Derivatives;

/// <summary>
/// The presets. Promise: a lease is given the recipes as they are when it is given, and a derivative keeps the number of the recipe that made it; so what a change
/// makes anew is what was made by another recipe, and nothing else.
/// </summary>
public interface IPresetStore
{
    /// <summary>All that are not retired.</summary>
    Task<IReadOnlyList<Preset>> ListAsync(CancellationToken cancellation);

    /// <summary>False: there is one of that name, or it is retired and its derivatives are still going.</summary>
    Task<bool> AddAsync(Preset preset, CancellationToken cancellation);

    /// <summary>Gives the preset of that name another recipe. Its derivatives stay linked until others take their places. False: there is none.</summary>
    Task<bool> ChangeAsync(Preset preset, CancellationToken cancellation);

    /// <summary>Nothing makes or serves it from now on. False: there is none.</summary>
    Task<bool> RetireAsync(string name, CancellationToken cancellation);

    /// <summary>Drops links of retired presets, of at most <paramref name="limit"/> images, with their counts, and presets that have none left. Answers how many images; 0: nothing is left to drop.</summary>
    Task<int> DropRetiredAsync(int limit, CancellationToken cancellation);
}
