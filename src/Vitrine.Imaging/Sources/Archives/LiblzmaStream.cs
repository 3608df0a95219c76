using System.Runtime.InteropServices;
using SharpCompress.Compressors.Xz;
using Vitrine.Core.Jobs;
using Vitrine.Imaging.Native;

namespace Vitrine.Imaging.Sources.Archives;

/// <summary>What LZMA, LZMA2 or xz unpack to, by the system's library. Bytes that are none of them end in <see cref="InvalidDataException"/>.</summary>
internal sealed unsafe class LiblzmaStream : ForwardStream
{
    private const int PackedBytes = 64 << 10;

    /// <summary>Of the properties of LZMA (one byte of parameters, then the dictionary) and of LZMA2 (the dictionary alone, as one number of <see cref="DictionaryOf"/>).</summary>
    private const int LzmaProperties = 5, Lzma2Properties = 1;
    private const byte LargestLzma2Dictionary = 40;

    private readonly Stream _packed;
    private readonly Lzma.Coder* _coder;
    private readonly byte* _buffer;
    private bool _packedEnded;
    private bool _ended;
    private bool _freed;

    private LiblzmaStream(Stream packed)
    {
        _packed = packed;
        _coder = (Lzma.Coder*)NativeMemory.AllocZeroed((nuint)sizeof(Lzma.Coder));
        _buffer = (byte*)NativeMemory.Alloc(PackedBytes);
    }

    /// <summary>An .xz file, also of several streams in a row; unpacked by SharpCompress where there is no liblzma.</summary>
    public static Stream Xz(Stream packed)
    {
        if (!Lzma.IsThere) return new XZStream(packed);
        var stream = new LiblzmaStream(packed);
        return stream.Checked(Lzma.StartXz(stream._coder, ulong.MaxValue, Lzma.Concatenated));
    }

    /// <summary>One block of a 7z: packed by one method, with the method's properties as they stand in the archive.</summary>
    /// <param name="filter"><see cref="Lzma.Lzma1"/> or <see cref="Lzma.Lzma2"/>.</param>
    /// <param name="unpackedBytes">All that comes out of it: no dictionary need be larger, whatever is claimed.</param>
    public static LiblzmaStream Raw(Stream packed, ulong filter, ReadOnlySpan<byte> properties, long unpackedBytes)
    {
        var stream = new LiblzmaStream(packed);
        var filters = stackalloc Lzma.Filter[] { new() { Id = filter }, new() { Id = Lzma.EndOfFilters } };
        var needed = WithDictionaryFor(filter, properties, unpackedBytes);
        fixed (byte* first = needed) stream.Checked(Lzma.DecodeProperties(filters, 0, first, (nuint)needed.Length));
        try
        {
            return stream.Checked(Lzma.StartRaw(stream._coder, filters));
        }
        finally
        {
            NativeMemory.Free((void*)filters[0].Options);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || _ended) return 0;
        fixed (byte* first = buffer)
        {
            _coder->NextOut = first;
            _coder->AvailableOut = (nuint)buffer.Length;
            while (_coder->AvailableOut == (nuint)buffer.Length && !_ended)
            {
                if (_coder->AvailableIn == 0 && !_packedEnded) Fill();
                var result = Lzma.Step(_coder, _packedEnded ? Lzma.Finish : Lzma.Run);
                _ended = result == Lzma.StreamEnd;
                if (!_ended) Checked(result);
            }
            return buffer.Length - (int)_coder->AvailableOut;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    private void Fill()
    {
        var got = _packed.Read(new Span<byte>(_buffer, PackedBytes));
        _coder->NextIn = _buffer;
        _coder->AvailableIn = (nuint)got;
        _packedEnded = got == 0;
    }

    private LiblzmaStream Checked(int result)
    {
        if (result == Lzma.Ok) return this;
        Dispose();
        throw result == Lzma.MemoryError
            ? new RefusedException(Outcome.Failed, Reason.OutOfMemory, "There is no memory for the archive's dictionary.")
            : new InvalidDataException(result == Lzma.BufferError ? "The packed bytes end early." : "The packed bytes are not what the archive says.");
    }

    private static byte[] WithDictionaryFor(ulong filter, ReadOnlySpan<byte> properties, long unpackedBytes)
    {
        var needed = properties.ToArray();
        if (filter == Lzma.Lzma2 && needed.Length == Lzma2Properties && needed[0] <= LargestLzma2Dictionary)
        {
            while (needed[0] > 0 && DictionaryOf(needed[0] - 1) >= unpackedBytes) needed[0]--;
        }
        else if (filter == Lzma.Lzma1 && needed.Length == LzmaProperties)
        {
            var dictionary = needed.AsSpan(1);
            var bytes = Math.Min(BitConverter.ToUInt32(dictionary), (uint)Math.Min(unpackedBytes, uint.MaxValue));
            BitConverter.TryWriteBytes(dictionary, bytes);
        }
        return needed;
    }

    /// <summary>Two or three times a power of two, from 4 KiB on: the .xz file format, 5.3.1.</summary>
    private static long DictionaryOf(int number) => (2L | (uint)(number & 1)) << ((number / 2) + 11);

    protected override void Dispose(bool disposing)
    {
        if (!_freed)
        {
            (_freed, _ended) = (true, true);
            Lzma.End(_coder);
            NativeMemory.Free(_coder);
            NativeMemory.Free(_buffer);
        }
        if (disposing) _packed.Dispose();
        base.Dispose(disposing);
    }
}
