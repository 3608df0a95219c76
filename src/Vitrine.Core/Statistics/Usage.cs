using Vitrine.Core.Derivatives;

namespace Vitrine.Core.Statistics;

/// <summary>What is asked for: a preset of an image.</summary>
public readonly record struct UsedPicture(LibraryId Library, CollectionId Collection, string Preset);

/// <summary>
/// Counts how the cache is used, on the way of each picture that is served: into tables that were allocated at the start, without a lock, an allocation or a write.
/// A loop takes the counts out and stores them (<see cref="UsageFlush"/>); meanwhile a second set of tables takes what comes.
/// </summary>
public sealed class Usage
{
    private readonly PresetNumbers _presets = new();
    private UsageTable _active = new();
    private UsageTable _resting = new();

    /// <summary>A derivative was served from the cache, or the caller had it already (<paramref name="bytes"/> is 0).</summary>
    public void Hit(in UsedPicture picture, Derivative derivative, long bytes) => Add(picture, derivative, 1, 0, bytes);

    /// <summary>It had been ready once, and has to be made again.</summary>
    public void Miss(in UsedPicture picture) => Add(picture, null, 0, 1, 0);

    /// <summary>It was made while its caller waited, and is served.</summary>
    public void Made(in UsedPicture picture, Derivative derivative, long bytes) => Add(picture, derivative, 0, 0, bytes);

    /// <summary>All that was counted since the last call. One caller at a time.</summary>
    public UsageCounts Take()
    {
        var full = _active;
        Volatile.Write(ref _active, _resting);
        full.WaitForWriters();
        _resting = full;
        return full.Drain(_presets);
    }

    private void Add(in UsedPicture picture, Derivative? derivative, int hits, int misses, long bytes)
    {
        var key = UsageKey.Of(picture.Collection, derivative?.Folder ?? default, _presets.NumberOf(picture.Preset));
        var table = Enter();
        table.Add(key, picture.Library.Value, hits, misses, bytes);
        if (derivative is not null) table.Use(derivative.Blob.Value);
        table.Leave();
    }

    /// <summary>A table that <see cref="Take"/> will not read before <see cref="UsageTable.Leave"/>.</summary>
    private UsageTable Enter()
    {
        while (true)
        {
            var table = Volatile.Read(ref _active);
            table.Enter();
            if (ReferenceEquals(table, Volatile.Read(ref _active))) return table;
            table.Leave();
        }
    }
}

/// <summary>What was counted in some seconds.</summary>
/// <param name="Blobs">Those served, each once.</param>
public sealed record UsageCounts(IReadOnlyList<UsageCount> Counts, IReadOnlyList<BlobId> Blobs)
{
    public bool IsEmpty => Counts.Count == 0 && Blobs.Count == 0;
}

/// <param name="Collection">Default where the table was full: then only the sums are known.</param>
/// <param name="Folder">Default for misses.</param>
public sealed record UsageCount(LibraryId Library, CollectionId Collection, string Preset, FolderId Folder, long Hits, long Misses, long Bytes);

/// <summary>Numbers for names of presets, from 1: few, and never taken back.</summary>
internal sealed class PresetNumbers
{
    private readonly Lock _adding = new();
    private string[] _names = [];

    public int NumberOf(string preset)
    {
        var names = Volatile.Read(ref _names);
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i] == preset) return i + 1;
        }
        lock (_adding)
        {
            if (!_names.Contains(preset)) Volatile.Write(ref _names, [.. _names, preset]);
            return Array.IndexOf(_names, preset) + 1;
        }
    }

    public string NameOf(int number) => Volatile.Read(ref _names)[number - 1];
}
