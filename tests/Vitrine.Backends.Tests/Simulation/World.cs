using System.Collections.Concurrent;
using System.Security.Cryptography;
using Vitrine.Core.Derivatives;
using Vitrine.Core.Libraries;

namespace Vitrine.Backends.Tests.Simulation;

internal enum Nature { Good, Corrupt, Deadly, SlowAtTimes }

/// <summary>A picture as it lies on a disk now.</summary>
internal sealed record Original(string Name, SourceVersion Version, Nature Nature, long NewestNs);

internal sealed class Container(ContainerKind kind)
{
    public ContainerKind Kind => kind;
    public SourceVersion Version { get; set; }
    public SortedDictionary<string, Original> Originals { get; } = new(StringComparer.Ordinal);
}

/// <summary>A library's root with its containers: itself, and those directly in it.</summary>
internal sealed class Root(string path)
{
    public string Path => path;
    public bool Gone { get; set; }
    public SortedDictionary<string, Container> Containers { get; } = new(StringComparer.Ordinal) { [""] = new(ContainerKind.Directory) };
}

/// <summary>The disks with the originals: what is really there, whatever a store says.</summary>
internal sealed class World : IRootProbe
{
    public static readonly MountIdentity Mount = new("disk", "ext4");

    private readonly Dictionary<long, long> _contentOfStamp = [];
    private long _stamp;
    private long _contents;

    public Dictionary<string, Root> Roots { get; } = [];

    /// <summary>Never empty while it is there: an empty root waits for a person.</summary>
    public RootState Probe(string root) => Roots[root].Gone
        ? new(false, true, null)
        : new(true, false, Mount);

    /// <param name="copyOf">The stamp of another picture with the same content.</param>
    public Original NewOriginal(string name, Nature nature, long newestNs, long? copyOf = null)
    {
        var stamp = ++_stamp;
        _contentOfStamp[stamp] = copyOf is { } other ? _contentOfStamp[other] : ++_contents;
        return new(name, new(1000, stamp, 7), nature, newestNs);
    }

    public SourceVersion NewVersion() => new(1, ++_stamp, 7);

    public long ContentOf(SourceVersion version) => _contentOfStamp[version.Stamp];
}

/// <summary>What decoders make of contents. The same in every history, so that hashes are made once.</summary>
internal static class Contents
{
    private static readonly ConcurrentDictionary<long, byte[]> Hashes = new();
    private static readonly ConcurrentDictionary<(long, string), string> Keys = new();

    public static byte[] HashOf(long content) => Hashes.GetOrAdd(content, static c => SHA256.HashData(BitConverter.GetBytes(c)));

    public static string KeyOf(long content, string preset) =>
        Keys.GetOrAdd((content, preset), static k => PresetSet.BuiltIn.Find(k.Item2)!.KeyFor(HashOf(k.Item1)).Hex);

    /// <summary>The picture's bytes say of which content they are.</summary>
    public static byte[] Make(long content, string preset)
    {
        var bytes = new byte[16 + ((content * 7) % 64) + preset.Length];
        BitConverter.TryWriteBytes(bytes, content);
        return bytes;
    }

    public static long ContentOf(byte[] bytes) => BitConverter.ToInt64(bytes);
}
