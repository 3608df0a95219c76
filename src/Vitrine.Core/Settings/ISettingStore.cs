namespace Vitrine.Core.Settings;

/// <summary>Named values that outlive a start, as JSON text. Promise: a set value is read by the next get, on any node.</summary>
public interface ISettingStore
{
    Task<string?> GetAsync(string key, CancellationToken cancellation);

    /// <summary>Null removes it.</summary>
    Task SetAsync(string key, string? json, CancellationToken cancellation);

    /// <summary>Writes only where the key has no value yet, and answers the value that it has now.</summary>
    Task<string> GetOrAddAsync(string key, string json, CancellationToken cancellation);
}
