using System.Runtime.InteropServices;

namespace Vitrine.Imaging.Native;

/// <summary>
/// The system's liblzma, of XZ Utils, which every usual distribution's own packages are unpacked by: twice as fast as managed code. A machine may be without it;
/// then <see cref="IsThere"/> is false, and nothing else here may be called. Names and numbers are those of <c>lzma/base.h</c>, <c>container.h</c> and <c>filter.h</c>.
/// </summary>
internal static unsafe partial class Lzma
{
    private const string Library = "liblzma.so.5";

    public const ulong Lzma1 = 0x4000000000000001;
    public const ulong Lzma2 = 0x21;

    public const int Ok = 0, StreamEnd = 1, MemoryError = 5, BufferError = 10;
    public const int Run = 0, Finish = 3;
    public const uint Concatenated = 8;

    /// <summary>For example <c>5.4.1</c>; null where there is none.</summary>
    public static string? Version => IsThere ? Marshal.PtrToStringUTF8(VersionText()) : null;

    public static readonly bool IsThere = NativeLibrary.TryLoad(Library, typeof(Lzma).Assembly, DllImportSearchPath.System32, out _);

    /// <summary>The library's <c>lzma_stream</c>; its state stands elsewhere, but the record may not move in memory.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Coder
    {
        public byte* NextIn;
        public nuint AvailableIn;
        public ulong TotalIn;
        public byte* NextOut;
        public nuint AvailableOut;
        public ulong TotalOut;
        public nint Allocator;
        public nint Internal;
        private fixed ulong _reserved[9];
    }

    /// <summary>The library's <c>lzma_filter</c>. A list of them ends with the id of <see cref="EndOfFilters"/>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Filter
    {
        public ulong Id;
        public nint Options;
    }

    public const ulong EndOfFilters = ulong.MaxValue;

    [LibraryImport(Library, EntryPoint = "lzma_version_string")]
    private static partial nint VersionText();

    [LibraryImport(Library, EntryPoint = "lzma_properties_decode")]
    public static partial int DecodeProperties(Filter* filter, nint allocator, byte* properties, nuint length);

    [LibraryImport(Library, EntryPoint = "lzma_raw_decoder")]
    public static partial int StartRaw(Coder* coder, Filter* filters);

    [LibraryImport(Library, EntryPoint = "lzma_stream_decoder")]
    public static partial int StartXz(Coder* coder, ulong memoryLimit, uint flags);

    [LibraryImport(Library, EntryPoint = "lzma_code")]
    public static partial int Step(Coder* coder, int action);

    [LibraryImport(Library, EntryPoint = "lzma_end")]
    public static partial void End(Coder* coder);
}
