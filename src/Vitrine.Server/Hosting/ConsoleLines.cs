using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Vitrine.Core.Files;

namespace Vitrine.Server.Hosting;

/// <summary>
/// Each entry of the log is one line, whatever is in it: names of files are strangers' text, and one with a line break, an escape sequence or a bidirectional mark
/// would forge an entry or move a terminal's cursor.
/// </summary>
internal sealed class ConsoleLines(TimeProvider time) : ConsoleFormatter(FormatName)
{
    public const string FormatName = "vitrine";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var text = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.Write(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow().UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {Word(logEntry.LogLevel)}: {logEntry.Category}[{logEntry.EventId.Id}] "));
        textWriter.Write(PlainText.Escape(text));
        if (logEntry.Exception is { } failure) textWriter.Write(" " + PlainText.Escape(failure.ToString().Replace(Environment.NewLine, " ", StringComparison.Ordinal)));
        textWriter.Write(Environment.NewLine);
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
