using Microsoft.Extensions.Logging;

namespace Vitrine.Core;

/// <summary>
/// What an outermost loop says of steps that failed and are tried again: each failure once a minute, however often it comes. A disk or
/// a network that does not work is one line, since the operator can act on that; anything else is a surprise and has its stack.
/// </summary>
public sealed partial class FailureLog(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    /// <summary>More different ones than this are not told apart from new ones.</summary>
    private const int MaxKnown = 100;

    private readonly Dictionary<string, Said> _known = [];

    /// <param name="what">What failed, as the beginning of a sentence.</param>
    public void Log(string what, Exception failure)
    {
        var text = $"{failure.GetType().Name}: {failure.Message}";
        var said = _known.GetValueOrDefault(text);
        if (said is not null && time.GetElapsedTime(said.At) < Again)
        {
            said.Repeats++;
            return;
        }
        if (_known.Count >= MaxKnown) _known.Clear();
        _known[text] = new(time.GetTimestamp());
        if (failure is IOException or UnauthorizedAccessException) LogProblem(logger, what, failure.Message, said?.Repeats ?? 0);
        else LogSurprise(logger, what, said?.Repeats ?? 0, failure);
    }

    [LoggerMessage(1, LogLevel.Error, "{What} failed and is tried again: {Problem} (Said again after a minute; {Repeats} more since it was last said.)")]
    private static partial void LogProblem(ILogger logger, string what, string problem, int repeats);

    [LoggerMessage(2, LogLevel.Error, "{What} failed and is tried again ({Repeats} more since this was last said).")]
    private static partial void LogSurprise(ILogger logger, string what, int repeats, Exception failure);

    private sealed class Said(long at)
    {
        public long At { get; } = at;

        public int Repeats { get; set; }
    }
}
