using System.Security.Cryptography;
using Vitrine.Core.Jobs;
using Vitrine.Imaging.Native;

namespace Vitrine.Imaging.Sources;

/// <summary>
/// The bytes of one original, in memory that the garbage collector does not count (its heap is limited to far less than an
/// original may have), hashed as they come. One of these serves all items of a child, one after the other.
/// </summary>
public sealed unsafe class OriginalBytes : IDisposable
{
    /// <summary>Kept between items; a larger mapping is given back.</summary>
    private const long KeptBytes = 64 << 20;
    private const long FirstBytes = 1 << 20;

    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private const int MayMove = 1;

    private IncrementalHash _sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private nint _start;
    private long _capacity;

    public int Length { get; private set; }

    public nint Start => _start;

    public Span<byte> Span => new((void*)_start, Length);

    /// <summary>Starts the next original. A mapping that a large one left is given back.</summary>
    public void Clear()
    {
        Length = 0;
        if (_capacity > KeptBytes) Release();
        _sha.GetHashAndReset();
    }

    /// <summary>Room for the next bytes, at least one and at most <paramref name="wanted"/> long.</summary>
    public Span<byte> Room(int wanted)
    {
        if (_capacity - Length < 1) Grow(Length + 1L);
        return new Span<byte>((void*)(_start + Length), (int)Math.Min(wanted, _capacity - Length));
    }

    /// <summary>Makes room for an original of this size at once. Only a size that the file system vouches for may be given.</summary>
    public void Reserve(long bytes)
    {
        if (bytes > _capacity) Grow(bytes);
    }

    /// <summary>Takes the first bytes of the room that was given.</summary>
    public void Advance(int count)
    {
        _sha.AppendData(new ReadOnlySpan<byte>((void*)(_start + Length), count));
        Length += count;
    }

    /// <summary>Takes all of these bytes in place of what it has.</summary>
    public void Take(ReadOnlySpan<byte> whole)
    {
        Clear();
        Reserve(whole.Length);
        whole.CopyTo(Room(whole.Length));
        Advance(whole.Length);
    }

    /// <summary>Takes the first bytes of the room, already read by somebody else, and cuts all that follow a clean copy's end.</summary>
    public void Shorten(int length) => Length = Math.Min(Length, length);

    /// <summary>SHA-256 of all that was taken since <see cref="Clear"/>.</summary>
    public byte[] Hash() => _sha.GetCurrentHash();

    /// <summary>Gives all of this one for all of the other.</summary>
    public void Exchange(OriginalBytes other)
    {
        (_sha, other._sha) = (other._sha, _sha);
        (_start, other._start) = (other._start, _start);
        (_capacity, other._capacity) = (other._capacity, _capacity);
        (Length, other.Length) = (other.Length, Length);
    }

    private void Grow(long wanted)
    {
        var capacity = Math.Max(Math.Max(wanted, FirstBytes), Math.Min(_capacity * 2, int.MaxValue));
        capacity = (capacity + 4095) / 4096 * 4096;
        var moved = _start == 0
            ? Posix.Map(0, (nuint)capacity, ReadWrite, PrivateAnonymous, -1, 0)
            : Posix.Remap(_start, (nuint)_capacity, (nuint)capacity, MayMove);
        if (moved == -1) throw new RefusedException(Outcome.Failed, Reason.OutOfMemory, "There is no memory for the original's bytes.");
        (_start, _capacity) = (moved, capacity);
    }

    private void Release()
    {
        if (_start != 0) _ = Posix.Unmap(_start, (nuint)_capacity);
        (_start, _capacity, Length) = (0, 0, 0);
    }

    public void Dispose()
    {
        Release();
        _sha.Dispose();
    }
}
