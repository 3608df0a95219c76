namespace Vitrine.Imaging.Formats.CleanCopies;

/// <summary>Moves the parts of a buffer that are kept to its front, in order.</summary>
internal ref struct Compactor(Span<byte> bytes)
{
    private readonly Span<byte> _bytes = bytes;

    public int Length { get; private set; }

    /// <param name="start">Not before what was kept already.</param>
    public void Keep(int start, int length)
    {
        if (start != Length) _bytes.Slice(start, length).CopyTo(_bytes[Length..]);
        Length += length;
    }
}
