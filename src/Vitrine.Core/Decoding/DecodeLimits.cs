using System.ComponentModel.DataAnnotations;

namespace Vitrine.Core.Decoding;

/// <summary>What one original may cost. Sent to the child with each request, and enforced there before and while reading.</summary>
public sealed record DecodeLimits
{
    /// <summary>Bytes of an original, file or entry (unpacked); exactly this many pass.</summary>
    [Range(1L, 1L << 40)]
    public long MaxSourceBytes { get; init; } = 500L << 20;

    /// <summary>Pixels (width x height) of one picture.</summary>
    [Range(1L, 1L << 40)]
    public long MaxPixels { get; init; } = 200_000_000;

    /// <summary>The same for baseline JPEG, which is shrunk while it loads.</summary>
    [Range(1L, 1L << 40)]
    public long MaxBaselineJpegPixels { get; init; } = 400_000_000;

    /// <summary>Frames x width x height of an animation.</summary>
    [Range(1L, 1L << 40)]
    public long MaxFramePixels { get; init; } = 100_000_000;

    /// <summary>Entries of an archive.</summary>
    [Range(1, 10_000_000)]
    public int MaxArchiveEntries { get; init; } = 100_000;

    /// <summary>Names directly in one directory.</summary>
    [Range(1, 100_000_000)]
    public int MaxDirectoryEntries { get; init; } = 1_000_000;

    /// <summary>Unpacked bytes of an entry for each packed byte.</summary>
    [Range(1, 1_000_000)]
    public int MaxRatio { get; init; } = 1000;

    /// <summary>Memory of one child, bytes (RLIMIT_DATA).</summary>
    [Range(128L << 20, 64L << 30)]
    public long ChildMemoryBytes { get; init; } = 1L << 30;

    /// <summary>Memory of the one child that takes what is over half of <see cref="ChildMemoryBytes"/>.</summary>
    [Range(128L << 20, 64L << 30)]
    public long LargeChildMemoryBytes { get; init; } = 2L << 30;

    /// <summary>Processor time of one item, seconds.</summary>
    [Range(1, 3600)]
    public int ItemCpuSeconds { get; init; } = 60;

    /// <summary>Seconds in which all threads of the child sleep, none of them for a file, and it takes no processor time and says nothing: it is hung.</summary>
    [Range(1, 86400)]
    public int HungSeconds { get; init; } = 60;

    /// <summary>Seconds without a byte from the source or a sign from the child.</summary>
    [Range(1, 86400)]
    public int SilenceSeconds { get; init; } = 600;
}
