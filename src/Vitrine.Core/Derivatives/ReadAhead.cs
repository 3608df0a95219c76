using Microsoft.Extensions.Logging;
using Vitrine.Core.Libraries;
using Vitrine.Core.Users;

namespace Vitrine.Core.Derivatives;

/// <summary>
/// Makes the pictures behind the one in a viewer before they are asked for, one at a time, so that whoever asks for something waits for one picture at most.
/// Who moves on is followed: only the newest place in a collection counts.
/// </summary>
public sealed class ReadAhead(ICatalog catalog, OnDemand onDemand, ReadAheadSettings settings)
    : PeriodicService(TimeSpan.FromMinutes(1), settings.Moved, settings.Time, settings.Logger)
{
    /// <summary>Images ahead of the one that is shown.</summary>
    public const int Images = 3;

    /// <summary>Viewers that are followed at the same time; of more, those that moved last.</summary>
    private const int MostPlaces = 16;

    private readonly Lock _changing = new();
    private readonly List<Place> _places = [];

    /// <summary>Somebody looks at this image, in this preset.</summary>
    public void Follow(ImageSummary image, string preset)
    {
        lock (_changing)
        {
            _places.RemoveAll(place => place.Collection == image.Collection);
            if (_places.Count == MostPlaces) _places.RemoveAt(0);
            _places.Add(new(image.Collection, image.Id, preset));
        }
        settings.Moved.Ring();
    }

    protected override async Task<bool> StepAsync(CancellationToken cancellation)
    {
        if (Newest() is not { } place) return false;
        var next = await catalog.ImagesAsync(Grants.All, place.Collection, place.Image.ToString(), Images, cancellation);
        foreach (var image in next?.Items ?? [])
        {
            if (IsPassed(place)) break;
            if (image.State is ImageState.New or ImageState.Ready && !image.Versions.ContainsKey(place.Preset)) await onDemand.MakeAheadAsync(image.Id, place.Preset, cancellation);
        }
        return true;
    }

    private Place? Newest()
    {
        lock (_changing)
        {
            if (_places.Count == 0) return null;
            var newest = _places[^1];
            _places.RemoveAt(_places.Count - 1);
            return newest;
        }
    }

    private bool IsPassed(Place place)
    {
        lock (_changing) return _places.Exists(newer => newer.Collection == place.Collection);
    }

    private sealed record Place(CollectionId Collection, ImageId Image, string Preset);
}

/// <summary>What reading ahead needs beside its contracts.</summary>
public sealed record ReadAheadSettings(TimeProvider Time, ILogger<ReadAhead> Logger)
{
    internal Pulse Moved { get; } = new();
}
