using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Vitrine.Core;

namespace Vitrine.Tests.Core;

/// <summary>A loop that fails each second: what the operator reads.</summary>
public sealed class FailureLogTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_full_disk_is_one_line_a_minute_without_a_stack()
    {
        var lines = Run(130, _ => new IOException("No space left on device"));
        Assert.Equal([0, 60, 120], lines.Select(line => line.Second));
        Assert.All(lines, line => Assert.Null(line.Stack));
        Assert.Contains("No space left on device", lines[0].Text, StringComparison.Ordinal);
        Assert.Contains("59 more", lines[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_surprise_has_its_stack_and_another_one_is_said_at_once()
    {
        var lines = Run(10, second => new InvalidOperationException(second % 2 == 0 ? "even" : "odd"));
        Assert.Equal([0, 1], lines.Select(line => line.Second));
        Assert.Equal(["even", "odd"], lines.Select(line => line.Stack?.Message));
    }

    private List<Line> Run(int seconds, Func<int, Exception> failure)
    {
        var lines = new Lines(_time);
        var log = new FailureLog(lines, _time);
        for (var second = 0; second < seconds; second++)
        {
            log.Log("A step", failure(second));
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        return lines.Said;
    }

    private sealed record Line(int Second, string Text, Exception? Stack);

    private sealed class Lines(TimeProvider time) : ILogger
    {
        private readonly long _start = time.GetTimestamp();

        public List<Line> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Add(new((int)time.GetElapsedTime(_start).TotalSeconds, formatter(state, exception), exception));
    }
}
