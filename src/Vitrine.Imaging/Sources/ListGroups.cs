using Vitrine.Core.Decoding;
using Vitrine.Core.Libraries;

namespace Vitrine.Imaging.Sources;

/// <summary>Collects what a listing finds into answers of the asked size; the rest goes out when it is disposed.</summary>
internal sealed class ListGroups(ContainerKind kind, int groupSize, Action<Listed> send) : IDisposable
{
    private const int MaxGroupSize = 1000;

    /// <summary>An archive's names may have 64 KiB each, and a frame's header has a limit.</summary>
    private const int MaxNameBytes = 1 << 20;

    private readonly int _size = Math.Clamp(groupSize, 1, MaxGroupSize);
    private List<ListedImage> _images = [];
    private List<ListedContainer> _containers = [];
    private int _nameBytes;

    public void Add(ListedImage image)
    {
        _images.Add(image);
        Count(image.RawName.Length);
    }

    public void Add(ListedContainer container)
    {
        _containers.Add(container);
        Count(container.RawName.Length);
    }

    private void Count(int nameBytes)
    {
        _nameBytes += nameBytes;
        if (_images.Count + _containers.Count >= _size || _nameBytes >= MaxNameBytes) Flush();
    }

    private void Flush()
    {
        if (_images.Count + _containers.Count == 0) return;
        send(new(kind, _images, _containers));
        (_images, _containers, _nameBytes) = ([], [], 0);
    }

    public void Dispose() => Flush();
}
