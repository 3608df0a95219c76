using System.Collections.Frozen;
using System.Text;
using Vitrine.Core.Decoding;

namespace Vitrine.Imaging.Formats;

/// <summary>
/// What a name's extension says while a container is listed. The content decides later: formats that nothing here decodes are
/// listed too, so that they are seen as Skipped(unsupported) and not overlooked. The extensions are the table's.
/// </summary>
public static class KnownExtensions
{
    private const int MaxLength = 8;

    private static readonly FrozenSet<string> Images = FormatTable.Rows.SelectMany(row => row.Extensions).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool IsImage(ReadOnlySpan<byte> name) => Extension(name) is { } extension && Images.Contains(extension);

    /// <summary>As it is written; null where there is none that could be one.</summary>
    public static string? Extension(ReadOnlySpan<byte> name)
    {
        var dot = name.LastIndexOf((byte)'.');
        var extension = name[(dot + 1)..];
        return dot > 0 && extension.Length is > 0 and <= MaxLength && Ascii.IsValid(extension) ? Encoding.ASCII.GetString(extension) : null;
    }
}
