using Spectre.Console;
using Vitrine.Server.Jobs;

namespace Vitrine.Server.Cli;

/// <param name="Total">Of all images found so far; final once <paramref name="Planned"/>.</param>
internal readonly record struct ImportProgress(long Done, long Total, long Failed, bool Planned, TimeSpan Elapsed, IReadOnlyList<HoldShape> Holds)
{
    public double PerSecond => Elapsed.TotalSeconds < 0.1 ? 0 : Done / Elapsed.TotalSeconds;

    public TimeSpan? Left => Planned && PerSecond > 0 ? TimeSpan.FromSeconds(Math.Ceiling((Total - Done) / PerSecond)) : null;

    public override string ToString() =>
        $"{Done} of {Total}{(Planned ? "" : " so far")} images, {PerSecond:0.0} images/s, {(Left is { } left ? $"{left:c} left" : "scanning")}, {Failed} failed"
        + (Holds.Count == 0 ? "" : $", waiting: {Text.Of(Holds)}");
}

/// <summary>Shows how far an import is: a line that moves on a terminal, a line now and then elsewhere, nothing beside JSON.</summary>
internal abstract class ImportDisplay : IDisposable
{
    public static ImportDisplay For(bool json) => json ? new Silent() : Console.IsErrorRedirected ? new Lines() : new Terminal();

    public abstract void Show(ImportProgress progress);

    public virtual void Dispose() => GC.SuppressFinalize(this);

    private sealed class Silent : ImportDisplay
    {
        public override void Show(ImportProgress progress)
        {
            // Standard output holds one JSON object and nothing else.
        }
    }

    private sealed class Lines : ImportDisplay
    {
        private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
        private TimeSpan _last;
        private string _waiting = "";

        public override void Show(ImportProgress progress)
        {
            // What it waits for is said as soon as that changes to something else.
            var waiting = Text.Of(progress.Holds);
            if (progress.Elapsed - _last < Period && (waiting.Length == 0 || waiting == _waiting)) return;
            (_last, _waiting) = (progress.Elapsed, waiting);
            Console.Error.WriteLine(progress);
        }
    }

    private sealed class Terminal : ImportDisplay
    {
        private readonly IAnsiConsole _console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });

        public override void Show(ImportProgress progress)
        {
            const int Width = 30;
            var filled = progress.Total == 0 ? 0 : (int)(Width * progress.Done / progress.Total);
            _console.Write("\r");
            _console.Markup($"[green]{new string('━', filled)}[/][grey]{new string('━', Width - filled)}[/] ");
            _console.Write(Markup.Escape(progress.ToString()).PadRight(Math.Max(0, _console.Profile.Width - Width - 2)));
        }

        public override void Dispose()
        {
            _console.WriteLine();
            base.Dispose();
        }
    }
}
