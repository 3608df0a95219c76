namespace Vitrine.Imaging.Sources;

/// <summary>
/// Stands between the reading of an original's bytes and the second look at its version. Tests hold a reader at its worst moment
/// with it, and let a decoder die on purpose; the program itself has none.
/// </summary>
public interface IReadHook
{
    /// <summary>Called after each chunk with all bytes read so far; the source is still open.</summary>
    void OnBytes(ReadOnlySpan<byte> soFar);
}
