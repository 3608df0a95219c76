using Vitrine.Core.Libraries;

namespace Vitrine.Core.Decoding.Spooling;

/// <summary>One original of one version of its container: what changed since has another key, so the spool never gives stale bytes.</summary>
public sealed record SpoolKey(CollectionId Collection, SourceVersion Container, RawName RawName, int Occurrence, SourceVersion Version);

/// <summary>
/// Originals of sequential containers, unpacked, on this node's disk. Promise: never more bytes than its limit, the oldest leave first, what is held stays; an
/// original is there whole or not at all, and nothing outlives the process.
/// </summary>
public interface ISpool
{
    /// <summary>Bytes that it holds at most; 0 turns it off.</summary>
    long LimitBytes { get; }

    /// <summary>Holds an original until it is disposed; null where it is not there.</summary>
    SpooledOriginal? Find(SpoolKey key);

    /// <summary>Room for an original of so many bytes; null where it is there already, or is more than what may leave for it.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    SpoolWriting? Begin(SpoolKey key, long size);
}

/// <summary>An original in the spool, as a file that can be read like one of a directory.</summary>
/// <param name="Version">The file's: size and time, without an inode.</param>
public abstract class SpooledOriginal(string folder, string name, SourceVersion version) : IDisposable
{
    public string Folder { get; } = folder;

    public string Name { get; } = name;

    public SourceVersion Version { get; } = version;

    /// <summary>It may leave the spool. A file that is open stays readable.</summary>
    public abstract void Dispose();
}

/// <summary>An original on its way into the spool; disposed before it is whole, nothing of it stays.</summary>
public abstract class SpoolWriting : IDisposable
{
    /// <summary>True: it is whole, and can be found.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public abstract bool Append(ReadOnlySpan<byte> bytes);

    public abstract void Dispose();
}
