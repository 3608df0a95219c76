using System.Globalization;
using System.Text;
using Vitrine.Core.Files;
using Vitrine.Core.Jobs;
using Vitrine.Core.Users;

namespace Vitrine.Server.Jobs;

/// <summary>
/// Failures as comma-separated values (RFC 4180), written page by page. File names are strangers' text: a cell that a spreadsheet would take for a
/// formula begins with an apostrophe.
/// </summary>
internal static class FailureCsv
{
    public const string ContentType = "text/csv; charset=utf-8";
    public const string Header = "libraryId,type,item,source,outcome,code,message,attempts,decoderVersion,at,jobId,ignored";
    private const string LineEnd = "\r\n";
    private const int PageRows = 1000;

    public static async Task WriteAsync(Stream body, IFailureStore failures, Grants grants, FailureQuery query, CancellationToken cancellation)
    {
        await using var writer = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await writer.WriteAsync(Header + LineEnd);
        string? cursor = null;
        do
        {
            var page = await failures.ListAsync(grants, query, cursor, PageRows, cancellation);
            foreach (var failure in page.Items) await writer.WriteAsync(Line(failure));
            await writer.FlushAsync(cancellation);
            cursor = page.Next;
        }
        while (cursor is not null);
    }

    public static string Line(JobFailure failure) => string.Join(',',
        failure.Library, Word(failure.Handler), failure.Item.ToString(CultureInfo.InvariantCulture), Cell(failure.Source), Word(failure.Outcome), failure.Code,
        Cell(failure.Message ?? ""), failure.Attempts.ToString(CultureInfo.InvariantCulture), Cell(failure.DecoderVersion ?? ""),
        failure.At?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), failure.Job, failure.Ignored ? "true" : "false") + LineEnd;

    /// <summary>A text that is one cell, and no formula, wherever it is opened.</summary>
    public static string Cell(string text)
    {
        text = PlainText.Escape(text);
        if (text.TrimStart() is { Length: > 0 } begin && begin[0] is '=' or '+' or '-' or '@' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20') text = "'" + text;
        return text.AsSpan().ContainsAny(",\"\r\n") || text.Trim().Length < text.Length ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
