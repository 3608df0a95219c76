namespace Vitrine.Core.Decoding;

/// <summary>A row of the table on one machine.</summary>
/// <param name="IsRead">A decoder of one flavour or the other said that it reads it.</param>
/// <param name="Remedy">What a person can do where it is not; null where nothing helps, or nothing has to.</param>
public sealed record FormatState(FormatRow Row, bool IsRead, string? Remedy)
{
    /// <param name="read">What the decoders of both flavours say that they read.</param>
    public static IReadOnlyList<FormatState> All(IReadOnlyCollection<string> read, SystemLibrary library) =>
    [
        .. FormatTable.Rows.Select(row => read.Contains(row.Name) ? new FormatState(row, true, null) : new(row, false, library.Remedy(row))),
    ];
}
